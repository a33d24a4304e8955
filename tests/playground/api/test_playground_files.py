"""Sizes, reuse and download of files."""

import pytest

from playground.world.files import TINY_JPEG


async def upload(api, kind, size):
    files = {kind: ("name.bin", b"x" * size)}
    url = f"{api.root}/bot{api.token}/send{kind.capitalize()}"
    return (await api.http.post(url, data={"chat_id": "1001"}, files=files)).json()


async def test_photos_and_uploads_have_their_sizes(api, chen):
    # The world of these tests allows 1,000 bytes for a photo and 5,000 for an upload.
    assert (await upload(api, "photo", 1000))["ok"]
    assert (await upload(api, "photo", 1001))["description"] == (
        "Bad Request: file of size 1001 bytes is too big for a photo; "
        "the maximum size is 1000 bytes"
    )
    assert (await upload(api, "document", 5000))["ok"]
    refused = await upload(api, "document", 5001)
    assert (refused["error_code"], refused["description"]) == (413, "Request Entity Too Large")


async def test_big_files_cannot_be_fetched(api, chen):
    await chen.send_document("big.zip", b"x", size=2001)
    [update] = await api.updates()
    refusal = await api.refused("getFile", file_id=update["message"]["document"]["file_id"])
    assert refusal == "400 Bad Request: file is too big"


async def test_a_persons_photo_can_be_downloaded_by_the_bot(api, chen, server):
    await chen.send_photo("现场")
    [update] = await api.updates()
    file = await api("getFile", file_id=update["message"]["photo"][-1]["file_id"])
    answer = await api.http.get(f"{server.file_url}{api.token}/{file['file_path']}")
    assert answer.content == TINY_JPEG


async def test_a_bots_photo_can_be_seen_by_the_person(api, chen, phones):
    await upload(api, "photo", 9)
    [file_id] = (await chen.last()).file_ids
    assert await phones.download(file_id) == b"x" * 9
    with pytest.raises(LookupError):
        await phones.download("nothing")


async def test_unknown_paths_are_not_found(api, server):
    answer = await api.http.get(f"{server.file_url}{api.token}/photos/none.jpg")
    assert answer.json()["description"] == "Not Found"


async def test_hostile_names_stay_out_of_paths(api, chen):
    await chen.send_document("../../x.sh/..", b"x")
    [update] = await api.updates()
    file = await api("getFile", file_id=update["message"]["document"]["file_id"])
    assert file["file_path"] == "documents/file_1"
