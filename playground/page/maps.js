// A small map of the neighbourhood, drawn on the spot: nothing is fetched.
import { svg } from "./dom.js";
import { world } from "./model.js";
import { W } from "./words.js";

const SIZE = 300, EDGE = 34;
const HOME = { latitude: 31.2853, longitude: 120.6203 };

function frame() {
  const spots = world.places.map((place) => place.at);
  const all = spots.length ? spots : [[HOME.latitude - 0.002, HOME.longitude - 0.002],
    [HOME.latitude + 0.002, HOME.longitude + 0.002]];
  const [lats, lons] = [all.map((a) => a[0]), all.map((a) => a[1])];
  return { south: Math.min(...lats), north: Math.max(...lats), west: Math.min(...lons), east: Math.max(...lons) };
}

const scale = (value, low, high) => EDGE + ((value - low) / (high - low || 1)) * (SIZE - 2 * EDGE);
const unscale = (at, low, high) => low + ((at - EDGE) / (SIZE - 2 * EDGE)) * (high - low || 1);

function toSheet({ latitude, longitude }) {
  const f = frame();
  return { x: scale(longitude, f.west, f.east), y: SIZE - scale(latitude, f.south, f.north) };
}

export function toEarth(x, y) {
  const f = frame();
  return { latitude: unscale(SIZE - y, f.south, f.north), longitude: unscale(x, f.west, f.east) };
}

export const middle = () => toEarth(SIZE / 2, SIZE / 2);

function ground() {
  const f = frame();
  const columns = [...new Set(world.places.map((p) => p.at[1]))].toSorted();
  const roads = columns.slice(1).map((lon, n) => (scale(lon, f.west, f.east) + scale(columns[n], f.west, f.east)) / 2);
  return [
    svg("rect.ground", { width: SIZE, height: SIZE }),
    svg("path.water", { d: `M0 ${SIZE - 14} q75 -16 150 -4 t150 -2 V${SIZE} H0 Z` }),
    (roads.length ? roads : [100, 200]).map((x) => svg("path.road", { d: `M${x} 0 V${SIZE}` })),
    [22, 150].map((y) => svg("path.road", { d: `M0 ${y} H${SIZE}` })),
    world.places.map(building),
  ];
}

function building({ name, at: [latitude, longitude] }) {
  const { x, y } = toSheet({ latitude, longitude });
  const label = svg("text", { x, y: y + 4, "text-anchor": "middle" }, name.split(" ").at(-1));
  return svg("g.building", {}, svg("rect", { x: x - 24, y: y - 12, width: 48, height: 24, rx: 4 }), label);
}

function pin(point) {
  const { x, y } = toSheet(point);
  return svg("g.pin", { transform: `translate(${inside(x)} ${inside(y)})` },
    svg("path", { d: "M0 0 C-4 -9 -10 -12 -10 -20 A10 10 0 0 1 10 -20 C10 -12 4 -9 0 0 Z" }), svg("circle", { cy: -20, r: 4 }));
}

const inside = (at) => Math.min(SIZE - 6, Math.max(24, at));

export function smallMap(point) {
  const { x, y } = toSheet(point);
  return svg("svg.map", { viewBox: `${inside(x) - 90} ${inside(y) - 75} 180 120`, role: "img", "aria-label": W.kinds.location }, ground(), pin(point));
}

// A map to choose a point on; `moved(point)` at every change.
export function picker(start, moved) {
  let point = start;
  const map = svg("svg.map.pick", { viewBox: `0 0 ${SIZE} ${SIZE}`, tabindex: 0, role: "application",
    "aria-label": `${W.map}：${W.pickPlace}` }, ground());
  let mark = map.appendChild(pin(point));
  const go = (x, y) => {
    point = toEarth(Math.min(SIZE, Math.max(0, x)), Math.min(SIZE, Math.max(0, y)));
    const next = pin(point);
    mark.replaceWith(next);
    mark = next;
    moved(point);
  };
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    go(((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE);
  });
  map.addEventListener("keydown", (event) => {
    if (event.key === "Enter") map.closest("form").requestSubmit();
    const step = { ArrowUp: [0, -6], ArrowDown: [0, 6], ArrowLeft: [-6, 0], ArrowRight: [6, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { x, y } = toSheet(point);
    go(x + step[0], y + step[1]);
  });
  return map;
}
