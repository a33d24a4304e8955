"""The load side of the benchmarks: its server, its residents, and haitang's answers to them."""

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from benchmarks.load.botapi.api import BotApi, Shown
from benchmarks.load.botapi.tls import make_ca
from benchmarks.load.bots import Bot, environment_of
from benchmarks.load.crowds import spread
from benchmarks.load.figures import percentile, table
from benchmarks.load.residents import Town
from benchmarks.load.run import Plan, RunError, measure, served
from benchmarks.load.script import FIRST_RESIDENT, INTAKE
from bot.config.settings import Settings
from bot.service import Service
from playground.stage.stage import at_playground
from playground.world.limits import Limits

GREETING = INTAKE[:1]
GREETER = """
import json, os, urllib.request
base = f"{os.environ['BENCH_BASE_URL']}/bot{os.environ['BENCH_TOKEN']}/"
def call(method, **said):
    body = json.dumps(said).encode()
    asked = urllib.request.Request(base + method, body, {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(asked))["result"]
offset = 0
while True:
    for update in call("getUpdates", offset=offset, timeout=5):
        offset = update["update_id"] + 1
        call("sendMessage", chat_id=update["message"]["chat"]["id"], text="hello")
"""


@asynccontextmanager
async def client(api: BotApi) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(api) as root,
        httpx.AsyncClient(base_url=f"{root}/bot42:any/", trust_env=False) as http,
    ):
        yield http


async def raw(api: BotApi, request: bytes, answers: int) -> list[bytes]:
    """The bodies of so many answers to bytes written at once."""
    async with served(api) as root:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(root.rpartition(":")[2]))
        writer.write(request)
        bodies = []
        for _ in range(answers):
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.partition(b"Content-Length: ")[2].partition(b"\r")[0]
            bodies.append(await reader.readexactly(int(length)))
        writer.close()
    return bodies


async def test_answers_leave_in_the_order_of_their_requests():
    """The first waits for an update, so the second's answer waits too."""
    api = BotApi()
    town = Town(api, GREETING)
    poll = b"GET /bot1:x/getUpdates?timeout=9 HTTP/1.1\r\n\r\n"
    me = b"GET /bot1:x/getMe HTTP/1.1\r\n\r\n"
    waiting = asyncio.create_task(raw(api, poll + me, 2))
    await api.feed.is_polled.wait()
    town.enter()
    first, second = await waiting
    assert b"/start" in first and b"bench_bot" in second


async def test_a_body_in_chunks_is_joined():
    api, heard = BotApi(), []
    api.on_shown = heard.append
    head = (b"POST /bot1:x/sendMessage HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")  # fmt: skip
    await raw(api, head + b"9\r\nchat_id=7\r\n8\r\n&text=hi\r\n0\r\n\r\n", 1)
    assert [(s.chat_id, s.text) for s in heard] == [(7, "hi")]


KEYBOARD = {"inline_keyboard": [[{"text": "✅ 提交", "callback_data": "a=b&c+d"}]]}
SAID = {"chat_id": 7, "text": "您好 & 100% =\n再见+"}
AS_TEXT = {**SAID, "reply_markup": json.dumps(KEYBOARD)}


@pytest.mark.parametrize(
    "sent",
    [
        {"data": AS_TEXT},
        {"json": AS_TEXT},
        {"json": {**SAID, "reply_markup": KEYBOARD}},
        {"files": {name: (None, str(value)) for name, value in AS_TEXT.items()}},
        {"params": AS_TEXT},
    ],
    ids=["form", "json", "nested", "parts", "query"],
)
async def test_a_call_says_the_same_however_it_is_written(sent: dict):
    api, heard = BotApi(), []
    api.on_shown = heard.append
    async with client(api) as http:
        told = (await http.post("sendMessage", **sent)).json()["result"]
    assert (told["text"], told["reply_markup"]) == (SAID["text"], KEYBOARD)
    assert [(s.chat_id, s.text, s.keyboard) for s in heard] == [
        (7, SAID["text"], KEYBOARD["inline_keyboard"])
    ]


async def test_an_update_comes_again_until_it_is_confirmed():
    api = BotApi()
    town = Town(api, GREETING)
    town.enter()
    async with client(api) as http:
        [update] = (await http.post("getUpdates")).json()["result"]
        [again] = (await http.post("getUpdates")).json()["result"]
        assert update == again
        offset = {"offset": update["update_id"] + 1}
        assert (await http.post("getUpdates", data=offset)).json()["result"] == []


async def test_latency_holds_an_answer_back_but_not_what_the_chat_shows():
    api, heard = BotApi(latency=3600.0), asyncio.Event()
    api.on_shown = lambda _: heard.set()
    async with client(api) as http:
        calling = asyncio.create_task(http.post("sendMessage", data=SAID))
        await heard.wait()
        assert not calling.done()
        calling.cancel()


async def test_with_limits_the_thirty_first_of_a_second_is_refused():
    api = BotApi(limits=Limits())
    async with client(api) as http:
        calls = [http.post("sendMessage", data={"chat_id": n, "text": "x"}) for n in range(1, 41)]
        answers = await asyncio.gather(*calls)
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) == api.refused == 10
    assert refused[0].json()["parameters"] == {"retry_after": 1}


async def test_a_method_nobody_needs_is_not_found():
    async with client(BotApi()) as http:
        assert (await http.post("sendDice")).status_code == 404


async def test_a_client_that_trusts_the_ca_gets_through_tls(tmp_path: Path):
    api = BotApi()
    context, ca = make_ca(tmp_path)
    async with (
        served(api, context) as root,
        httpx.AsyncClient(verify=ssl.create_default_context(cafile=ca), trust_env=False) as http,
    ):
        assert (await http.get(f"{root}/bot1:x/getMe")).json()["ok"]


# the residents


def shown(*labels: str, text: str = "") -> Shown:
    keyboard = [[{"text": label, "callback_data": label}] for label in labels]
    return Shown(FIRST_RESIDENT, text, keyboard, b'{"message_id":1}')


def taken(api: BotApi) -> list[dict]:
    """What the residents have done since the last look; they count as handed out."""
    found = []
    while api.feed._pending:
        _, written, sender = api.feed._pending.popleft()
        sender.handed_out()
        found.append(json.loads(written))
    return found


def walk(api: BotApi, answers: Iterable[Shown]) -> list[str]:
    """What a resident says or taps after each of these answers."""
    acts = []
    for answer in answers:
        api.on_shown(answer)
        for update in taken(api):
            message, query = update.get("message"), update.get("callback_query")
            acts.append(message["text"] if message else query["data"])
    return acts


PREVIEW = shown("✅ 提交", "🏷 改类别", "📍 改地点")
CHOICE = shown("电梯", "停车", "取消")


def test_a_resident_walks_from_the_greeting_to_the_number():
    api = BotApi()
    town = Town(api, INTAKE)
    town.enter()
    taken(api)
    done = shown(text="已登记，编号 7")
    acts = walk(api, [shown(), PREVIEW, CHOICE, PREVIEW, PREVIEW, done])
    assert acts[1:3] + acts[4:] == ["🏷 改类别", "电梯", "✅ 提交"]
    assert (town.finished, town.present, len(town.latencies), town.taps) == (1, 0, 6, 3)


def test_a_resident_takes_no_other_message_for_his_answer():
    api = BotApi()
    town = Town(api, INTAKE)
    town.enter()
    taken(api)
    acts = walk(api, [shown(), shown(text="我在看"), PREVIEW, PREVIEW])
    assert len(acts) == 2 and acts[1] == "🏷 改类别"
    assert len(town.latencies) == 2


def test_a_resident_who_cannot_find_his_button_is_lost():
    api = BotApi()
    town = Town(api, INTAKE)
    town.enter()
    taken(api)
    walk(api, [shown(), shown("✅ 提交")])
    assert (town.lost, town.present) == (1, 0)


async def test_haitang_answers_twenty_residents_to_the_end(settings: Settings):
    api = BotApi()
    town = Town(api, INTAKE)
    async with served(api) as root:
        service = Service(_unpaced(at_playground(settings, f"{root}/bot")))
        await service.start()
        await spread(town, 20, 0)
        for _ in range(len(INTAKE) + 1):
            await service.poller.step(0)
            await service.deliverer.drain()
            await service.receiver.rest()
        await service.close()
    assert (town.finished, town.lost, len(town.latencies)) == (20, 0, 120)
    assert api.calls["answercallbackquery"] == 60


def _unpaced(settings: Settings) -> Settings:
    free = {"per_second": 10_000, "per_chat_second": 10_000}
    return settings.model_copy(update={"telegram": settings.telegram.model_copy(update=free)})


# a run


def program(text: str) -> Bot:
    return Bot(name="test", command=lambda _: [sys.executable, "-c", text],
               environment=environment_of)  # fmt: skip


async def test_a_run_measures_a_bot_that_answers():
    plan = Plan(seconds=0.2, warmup=0.2, residents=3, script=GREETING)
    result = await measure(program(GREETER), plan)
    assert result.updates_per_second > 0 and result.finished > 3
    assert 0 < result.p50 <= result.p99 <= result.worst
    assert result.megabytes > 1 and not result.stuck


async def test_a_bot_that_ends_is_told_with_its_last_words():
    with pytest.raises(RunError, match="nobody home"):
        await measure(program("raise SystemExit('nobody home')"), Plan())


def test_a_percentile_is_a_value_that_was_there():
    assert [percentile([1.0, 2.0, 3.0, 4.0], p) for p in (0, 50, 99)] == [1.0, 3.0, 4.0]
    assert percentile([], 50) == 0.0


def test_a_table_is_aligned():
    lines = table(["a", "b"], [["long", "1"], ["x", "22"]]).splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
