// What a message carries besides text: pictures, voices, places, cards, polls, files.
import { h, svg, button, dialog } from "./dom.js";
import { fileAddress } from "./net.js";
import { icon } from "./icons.js";
import { smallMap } from "./maps.js";
import { W } from "./words.js";

const DRAWN = { photo, video, animation: video, video_note: video, voice, audio: voice, document: file,
  location, contact, poll, sticker, dice };

export const kindOf = (message) => Object.keys(DRAWN).find((kind) => kind in message);

// `chosen` are the options this person voted for; `vote(index)` votes.
export function drawn(message, chosen, vote) {
  const kind = kindOf(message);
  return kind ? DRAWN[kind](message[kind], { chosen, vote, message }) : null;
}

export function photo(sizes) {
  const address = fileAddress(sizes.at(-1).file_id);
  const picture = h("img", { src: address, alt: W.kinds.photo, loading: "lazy" });
  picture.addEventListener("load", () => picture.classList.toggle("tiny", picture.naturalWidth < 8));
  return h("button.photo", { type: "button", ariaLabel: W.kinds.photo, onclick: () => enlarge(address) }, picture);
}

function enlarge(address) {
  dialog(W.kinds.photo, () => h("img.large", { src: address, alt: W.kinds.photo }));
}

function video(found) {
  return h("video.photo", { src: fileAddress(found.file_id), controls: true, preload: "none" });
}

function voice(found) {
  const sound = h("audio", { src: fileAddress(found.file_id), preload: "none" });
  const play = button("▶", () => (sound.paused ? sound.play().catch(() => {}) : sound.pause()),
    { className: "play", ariaLabel: W.kinds.voice });
  for (const name of ["play", "pause", "ended"]) {
    sound.addEventListener(name, () => { play.textContent = sound.paused || sound.ended ? "▶" : "❚❚"; });
  }
  return h("div.voice", {}, play, wave(found.file_id), h("span.dim", {}, `0:0${found.duration ?? 0}`), sound);
}

function wave(seed) {
  const bars = [...Array(28).keys()].map((n) => {
    const height = 4 + ((seed.charCodeAt(n % seed.length) * (n + 7) * 13) % 17);
    return svg("rect", { x: n * 5, y: 12 - height / 2, width: 3, height, rx: 1.5 });
  });
  return svg("svg.wave", { viewBox: "0 0 140 24", "aria-hidden": "true" }, bars);
}

function file(found) {
  const name = found.file_name ?? W.file;
  return h("a.file", { href: fileAddress(found.file_id), download: name },
    h("span.icon", {}, icon("file")),
    h("span", {}, h("b", {}, name), h("small.dim", {}, W.bytes(found.file_size ?? 0))));
}

function location(point) {
  return h("div.place", {}, smallMap(point),
    h("small.dim", {}, `${point.latitude.toFixed(4)}, ${point.longitude.toFixed(4)}`));
}

function contact(card) {
  return h("div.contact", {}, h("span.icon", {}, icon("person")),
    h("span", {}, h("b", {}, card.first_name), h("small.dim", {}, card.phone_number)));
}

function sticker(found) { return h("div.sticker", {}, found.emoji ?? "🌸"); }

function dice(found) {
  return h("div.sticker", { ariaLabel: `${found.emoji} ${found.value}` }, found.emoji, h("small", {}, String(found.value)));
}

function poll(asked, { chosen, vote }) {
  const isOpen = !asked.is_closed && !chosen;
  const total = Math.max(1, asked.total_voter_count);
  const head = asked.is_closed ? W.closedPoll : asked.is_anonymous ? W.anonymous : W.publicPoll;
  const several = new Set();
  const options = asked.options.map((option, index) => isOpen
    ? button(option.text, (event) => {
      if (!asked.allows_multiple_answers) return vote([index]);
      if (!several.delete(index)) several.add(index);
      event.currentTarget.ariaPressed = String(several.has(index));
      return undefined;
    }, { className: "option" })
    : result(option, option.voter_count / total, chosen?.includes(index)));
  return h("div.poll", {}, h("b", {}, asked.question), h("small.dim", {}, head), options,
    isOpen && asked.allows_multiple_answers && button(W.ok, () => several.size && vote([...several]), { className: "option" }),
    h("small.dim", {}, W.votes(asked.total_voter_count)));
}

function result(option, share, isMine) {
  const bar = h("i.bar");
  bar.style.width = `${Math.round(share * 100)}%`;
  return h("div.result", {}, h("span", {}, `${Math.round(share * 100)}%　${option.text}${isMine ? " ✓" : ""}`), bar);
}
