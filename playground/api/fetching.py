"""The methods by which updates reach a bot: long polling and webhooks."""

from playground.api.call import Call
from playground.api.methods import MethodTable
from playground.api.webhook import BackOff, Courier, check_webhook
from playground.text.refusals import WEBHOOK_ACTIVE, Json, Refusal


class Couriers:
    """The webhooks in use, by bot."""

    def __init__(self, back_off: BackOff) -> None:
        self._back_off = back_off
        self._active: dict[int, Courier] = {}

    def methods(self) -> MethodTable:
        """The Bot API methods that look at or change which way updates take."""
        return {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._info,
        }

    async def stop(self, bot_id: int) -> None:
        """Stop one bot's webhook if there is one."""
        if courier := self._active.pop(bot_id, None):
            await courier.stop()

    async def stop_all(self) -> None:
        """Stop every webhook."""
        for bot_id in list(self._active):
            await self.stop(bot_id)

    async def _get_updates(self, call: Call) -> list[Json]:
        if call.bot.id in self._active:
            raise Refusal(409, WEBHOOK_ACTIVE)
        call.bot.mailbox.allow(_allowed(call))
        call.bot.mailbox.expire(call.world.clock.timestamp())
        limit = min(max(call.params.integer("limit", 100), 1), 100)
        timeout = call.params.decimal("timeout") or 0.0
        offset = call.params.integer("offset")
        return [each.as_json() for each in await call.bot.mailbox.poll(offset, limit, timeout)]

    async def _set_webhook(self, call: Call) -> bool:
        url, secret = call.params.text("url"), call.params.text("secret_token")
        if not url:
            return await self._delete_webhook(call)
        check_webhook(url, secret)
        self._drop(call)
        call.bot.mailbox.allow(_allowed(call))
        await self.stop(call.bot.id)
        courier = Courier(call.world, call.bot, url, secret, self._back_off)
        self._active[call.bot.id] = courier
        call.bot.mailbox.interrupt("Conflict: terminated by setWebhook request")
        courier.start()
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        self._drop(call)
        await self.stop(call.bot.id)
        return True

    @staticmethod
    def _drop(call: Call) -> None:
        if call.params.flag("drop_pending_updates"):
            call.bot.mailbox.clear()

    async def _info(self, call: Call) -> Json:
        courier, mailbox = self._active.get(call.bot.id), call.bot.mailbox
        info: Json = {
            "url": courier.url if courier else "",
            "has_custom_certificate": False,
            "pending_update_count": len(mailbox.pending),
        }
        if courier and courier.last_error_at:
            info["last_error_date"] = courier.last_error_at
            info["last_error_message"] = courier.last_error
        if mailbox.allowed is not None:
            info["allowed_updates"] = sorted(mailbox.allowed)
        return info


def _allowed(call: Call) -> list[str] | None:
    """Read allowed_updates; what is no list of names changes nothing, as on real servers."""
    kinds = call.params.json("allowed_updates", "allowed_updates")
    if not isinstance(kinds, list):
        return None
    return [str(kind).lower() for kind in kinds]
