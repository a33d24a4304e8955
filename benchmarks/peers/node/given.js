// What the benchmark gives a peer in its environment.
import { readFileSync } from "node:fs";
import { Agent } from "node:https";

const ca = process.env.BENCH_CA; // whom to trust, only over TLS

export const baseUrl = process.env.BENCH_BASE_URL; // without /bot
export const token = process.env.BENCH_TOKEN;
export const agent = ca ? new Agent({ keepAlive: true, ca: readFileSync(ca) }) : undefined;
