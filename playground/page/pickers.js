// Dialogs for what is attached: prepared pictures, a voice, a place, a card, a poll.
import { button, dialog, h } from "./dom.js";
import { middle, picker } from "./maps.js";
import { W } from "./words.js";

const PICTURES = { charger: "坏了的充电桩", "new-charger": "新的充电桩", corridor: "堆满的楼道", "clean-corridor": "清空的楼道",
  lamp: "不亮的路灯", leak: "漏水的天花板" };

export function askSamples(send) {
  dialog(W.samples, (close) => {
    const chosen = new Set();
    const done = button(W.sendPhotos(1), async () => { close(); send(await Promise.all([...chosen].map(load))); },
      { className: "main", disabled: true });
    const toggle = (name) => (event) => {
      if (!chosen.delete(name)) chosen.add(name);
      event.currentTarget.ariaPressed = String(chosen.has(name));
      done.textContent = W.sendPhotos(chosen.size);
      done.disabled = !chosen.size;
    };
    const pictures = Object.entries(PICTURES).map(([name, words]) => button(
      [h("img", { src: address(name), alt: "" }), h("small", {}, words)], toggle(name), { ariaPressed: "false", ariaLabel: words }));
    return h("div.stackup", {}, h("p.dim", {}, W.chosen), h("div.pictures", {}, pictures), done);
  });
}

const address = (name) => `/page/pictures/${name}.png`;

async function load(name) {
  const blob = await (await fetch(address(name))).blob();
  return new File([blob], `${name}.png`, { type: "image/png" });
}

export function askPlace(send) {
  dialog(W.location, (close) => {
    let point = middle();
    const told = h("output.dim");
    const tell = (next) => { point = next; told.textContent = `${point.latitude.toFixed(5)}, ${point.longitude.toFixed(5)}`; };
    tell(point);
    const done = (event) => { event.preventDefault(); close(); send(point); };
    return h("form.stackup", { onsubmit: done }, h("p.dim", {}, W.pickPlace), picker(point, tell), told,
      h("button.main", { type: "submit" }, W.send));
  });
}

export function askContact(user, send) {
  dialog(W.contact, (close) => h("div.stackup", {}, h("p", {}, h("b", {}, user.first_name)),
    button(W.send, () => { close(); send(); }, { className: "main" })));
}

export function askPoll(send) {
  dialog(W.poll, (close) => {
    const question = h("input", { placeholder: W.question, ariaLabel: W.question });
    const options = h("textarea", { rows: 4, placeholder: W.options, ariaLabel: W.options });
    const done = (event) => {
      event.preventDefault();
      const lines = options.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (!question.value.trim() || lines.length < 2) return;
      close();
      send({ question: question.value.trim(), options: lines });
    };
    return h("form.stackup", { onsubmit: done }, question, options, h("button.main", { type: "submit" }, W.send));
  });
}

export function askVoice(send) {
  dialog(W.voice, (close) => {
    const record = button(`● ${W.record}`, () => recording(record, (blob) => { close(); send(blob); }), { className: "main" });
    return h("div.stackup", {}, navigator.mediaDevices && window.MediaRecorder && record,
      button(W.sampleVoice, () => { close(); send(hum()); }));
  });
}

async function recording(record, done) {
  let stream;
  try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch (error) {
    record.textContent = String(error.message);
    return;
  }
  const recorder = new MediaRecorder(stream), parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => { stream.getTracks().forEach((track) => track.stop()); done(new Blob(parts, { type: "audio/ogg" })); };
  record.textContent = `■ ${W.stop}`;
  record.onclick = () => recorder.stop();
  recorder.start();
}

// Two seconds of a hum, as a sound that every browser plays.
function hum() {
  const rate = 8000, length = rate * 2;
  const bytes = new DataView(new ArrayBuffer(44 + length));
  const words = (at, text) => [...text].forEach((c, n) => bytes.setUint8(at + n, c.charCodeAt(0)));
  words(0, "RIFF"); words(8, "WAVEfmt "); words(36, "data");
  [[4, 36 + length], [16, 16], [24, rate], [28, rate], [40, length]].forEach(([at, n]) => bytes.setUint32(at, n, true));
  [[20, 1], [22, 1], [32, 1], [34, 8]].forEach(([at, n]) => bytes.setUint16(at, n, true));
  for (let n = 0; n < length; n += 1) {
    const loud = Math.sin((n / length) * Math.PI) * 60 * (0.6 + 0.4 * Math.sin(n / 700));
    bytes.setUint8(44 + n, 128 + loud * Math.sin((n / rate) * 2 * Math.PI * (190 + 40 * Math.sin(n / 1900))));
  }
  return new Blob([bytes], { type: "audio/ogg" });
}
