"""The page's own endpoints, and who may ask at all."""

import pytest

SAFE = ("content-security-policy", "x-content-type-options")


async def test_the_page_and_its_parts_are_served(api, server):
    for path in ("/", "/page/app.js", "/page/base.css", "/page/pictures/lamp.png"):
        answer = await api.http.get(f"{server.root}{path}")
        assert answer.status_code == 200
        assert set(SAFE) <= set(answer.headers)


async def test_the_world_is_told_whole(api, chen, server):
    await api("sendMessage", chat_id=1001, text="x")
    world = (await api.http.get(f"{server.root}/playground/world")).json()
    [chat] = world["chats"]
    assert [m["message"]["text"] for m in chat["messages"]] == ["/start", "x"]
    assert (world["bots"][0]["token"], world["users"][0]["id"]) == (api.token, 1001)
    assert world["calls"][-1]["method"] == "sendMessage"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Host": "example.org"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": ""},
    ],
)
async def test_another_sites_page_is_refused(api, chen, server, headers):
    path = f"{server.root}/playground/users/1001/send"
    answer = await api.http.post(path, json={"text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert await api("getUpdates") == []


async def test_what_was_uploaded_is_never_run(api, chen, phones, server):
    await chen.send_document("a.html", b"<script>1</script>", mime="text/html")
    [found] = [m for m in await chen.inbox() if m.media == "document"]
    answer = await api.http.get(f"{server.root}/playground/files/{found.file_ids[0]}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_faults_that_wait_are_listed(api, chen, phones, server):
    await phones.fault("429", method="sendMessage", count=2)
    listed = (await api.http.get(f"{server.root}/playground/faults")).json()["result"]
    assert [(f["kind"], f["method"], f["count"]) for f in listed] == [("429", "sendMessage", 2)]


async def test_a_bots_own_addresses_and_commands_are_found_by_telegram(api, chen):
    """Beside a bot's own marks, but not inside its links and code."""
    sent = await api("sendMessage", chat_id=1001, parse_mode="HTML",
                     text='<b>a</b> /help https://x.org <code>/no</code>')  # fmt: skip
    assert [e["type"] for e in sent["entities"]] == ["bold", "bot_command", "url", "code"]
