import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const example = join(import.meta.dirname, "../../docs/examples/own-server.ts");
let child: ChildProcess;
let said = "";
let url: string;
const hear = (text: unknown) => {
  said += text;
};

beforeAll(async () => {
  child = spawn(process.execPath, [example], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", hear);
  await vi.waitFor(() => expect(said).toMatch(/open on port \d+/), { timeout: 20_000, interval: 20 });
  url = `http://127.0.0.1:${/open on port (\d+)/.exec(said)![1]}/play`;
});
afterAll(() => child.kill("SIGKILL"));

const play = (player: string, signal?: AbortSignal) =>
  fetch(url, { method: "POST", body: JSON.stringify({ player }), ...(signal ? { signal } : {}) });
/** Tickets in the queue. */
const waiting = async () => ((await (await fetch(url)).json()) as { tickets: number }).tickets;

it("[EM11] the example's players meet on one server of its own, and one who hung up meets nobody", async () => {
  const hangUp = new AbortController();
  const gone = play("eve", hangUp.signal).catch(() => "gone");
  await vi.waitFor(async () => expect(await waiting()).toBe(1));
  hangUp.abort();
  expect(await gone).toBe("gone");
  await vi.waitFor(async () => expect(await waiting()).toBe(0));
  // biome-ignore lint/suspicious/noExplicitAny: the example's own JSON
  const answers: any[] = await Promise.all(["ada", "bob"].map(async (player) => (await play(player)).json()));
  const [ada, bob] = answers;
  expect(ada.opponents).toEqual(["bob"]);
  expect(bob.opponents).toEqual(["ada"]);
  expect(ada.connection.address).toBe(bob.connection.address);
  expect(ada.connection.game).toBe(bob.connection.game);
  expect(ada.connection.secret).not.toBe(bob.connection.secret);
  expect(said).toMatch(/match \w+: spread 0/);
});

it("[EM11] it refuses what is no wish, and answers who waits when it is told to end", async () => {
  expect((await fetch(url, { method: "POST", body: "what?" })).status).toBe(400);
  expect((await play("")).status).toBe(400);
  const zoe = play("zoe");
  await vi.waitFor(async () => expect(await waiting()).toBe(1));
  child.kill("SIGTERM");
  expect(await (await zoe).json()).toMatchObject({ code: "CANCELLED" });
  await once(child, "exit");
  expect(child.exitCode).toBe(0);
});
