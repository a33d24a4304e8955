"""Somebody who visits the page with a browser, as a person would: by looking and clicking."""

from pathlib import Path

from playwright.async_api import Browser, Locator, Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PATIENCE = 20_000  # milliseconds


class Visitor:
    """Somebody at the page; complaints of the browser are collected in `complaints`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._check_address)
        page.set_default_timeout(PATIENCE)

    def _check_address(self, request: object) -> None:
        address = str(getattr(request, "url", ""))
        if not address.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"asked {address}")

    def phone(self, name: str) -> Locator:
        return self.page.locator(f'.phone[aria-label="{name}的手机"]')

    async def opens(self, name: str) -> Locator:
        """The phone, brought out if it is put away or behind another."""
        phone = self.phone(name)
        if not await phone.is_visible():
            await self.page.locator("#rail button", has_text=name).first.click()
        await phone.wait_for()
        return phone

    async def starts(self, name: str) -> None:
        """Press the bot's Start on a phone, and wait for its answer."""
        phone = await self.opens(name)
        await phone.get_by_role("button", name="开始", exact=True).click()
        await self.hears(name, "您好")

    async def says(self, name: str, text: str) -> None:
        phone = await self.opens(name)
        await phone.get_by_role("textbox").fill(text)
        await phone.get_by_role("textbox").press("Enter")

    async def taps(self, name: str, label: str) -> None:
        """Tap the newest button with this label, once it is there."""
        phone = await self.opens(name)
        await phone.locator("button.key", has_text=label).last.click()

    async def presses(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def confirms(self) -> None:
        """Press a dialog's own button."""
        await self.page.locator("dialog[open] button.main").click()

    async def hears(self, name: str, text: str) -> None:
        """Wait until the phone shows a message with this text."""
        phone = await self.opens(name)
        await phone.locator(".theirs .bubble", has_text=text).last.wait_for()

    async def shows_sample(self, name: str, sample: str, caption: str = "") -> None:
        """Send one of the prepared pictures."""
        phone = await self.opens(name)
        await phone.get_by_role("textbox").fill(caption)
        await phone.get_by_role("button", name="附件", exact=True).click()
        await self.page.get_by_role("menuitem", name="现成的照片").click()
        await self.page.get_by_role("button", name=sample).click()
        await self.confirms()

    async def state(self, name: str) -> None:
        """Wait until the chosen ticket is in this state."""
        await self.page.locator(f'.facts[data-state="{name}"]').wait_for()

    async def shows_tab(self, label: str) -> None:
        """Turn to one of the panel's tabs."""
        await self.page.get_by_role("tab", name=label, exact=True).click()

    async def passes(self, label: str) -> None:
        """Press a button that moves time, and wait until it has."""
        await self.presses(label)
        await self.page.locator(".time button[data-ahead]:disabled").first.wait_for(state="hidden")

    async def takes_picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.wait_for_timeout(300)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def visit(
    browser: Browser, address: str, *, width: int = 1440, theme: str = "light"
) -> Visitor:
    height = 900 if width > 600 else 844
    page = await browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=theme, has_touch=width < 600
    )
    visitor = Visitor(page)
    await page.goto(address)
    await page.locator(".phone").first.wait_for()
    return visitor
