import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { expect, it } from "vitest";
import { createReplicas, type ReplicaAddress, tagOf } from "./replicas.ts";

const members = ["mm-1", "mm-2"];
/** One mode that the other replica owns, and one that is ours. */
const modes = Array.from({ length: 20 }, (_, at) => `mode${at}`);
const theirs = modes.find((mode) => rendezvous(`${mode}|any`, members) === "mm-2")!;
const ours = modes.find((mode) => rendezvous(`${mode}|any`, members) === "mm-1")!;

function setUp(others: readonly ReplicaAddress[] = [{ replica: "mm-2", url: "http://two:2600" }]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const replicas = createReplicas({
    replica: "mm-1",
    others,
    replicaSet: () => ({ epoch: 1, members }),
    fetch: async (url, init) => {
      asked.push({ url: String(url), init: init! });
      return new Response('{"id":"x"}', {
        status: 201,
        headers: { location: "/v1/tickets/x", "content-length": "10" },
      });
    },
  });
  return { replicas, asked };
}
function request(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const all = { authorization: "Bearer k", ...headers };
  const raw = new Request(`http://one${path}`, { method, headers: all, ...(body ? { body } : {}) });
  return { raw, text: () => raw.text() };
}
const away = expect.objectContaining({
  refusal: expect.objectContaining({ code: "MATCHMAKER_AWAY", retryable: true }),
});

it("[HA23] a submission goes on to the owner of its pool, whole and once", async () => {
  const { replicas, asked } = setUp();
  expect(replicas.byOwner(request("POST", "/v1/tickets", "{}"), ours, "any")).toBeUndefined();
  const answer = await replicas.byOwner(
    request("POST", "/v1/tickets?a=b", '{"c":1}', { "idempotency-key": "k1" }),
    theirs,
    "any",
  );
  expect([answer!.status, answer!.headers.get("location"), await answer!.json()]).toEqual([
    201,
    "/v1/tickets/x",
    { id: "x" },
  ]);
  expect(asked[0]!.url).toBe("http://two:2600/v1/tickets?a=b");
  const { method, body, headers } = asked[0]!.init;
  expect([method, body]).toEqual(["POST", '{"c":1}']);
  expect(Object.fromEntries(headers as Headers)).toMatchObject({
    authorization: "Bearer k",
    "idempotency-key": "k1",
    "frontrow-passed-on": "mm-1",
  });
  const passedOn = request("POST", "/v1/tickets", "{}", { "frontrow-passed-on": "mm-2" });
  await expect(replicas.byOwner(passedOn, theirs, "any")).rejects.toEqual(away);
  expect(asked).toHaveLength(1);
});

it("[HA23] a request for a ticket goes on to who holds it; an id of nobody's stays here", async () => {
  const { replicas, asked } = setUp();
  expect(replicas.byTicket(request("GET", "/v1/tickets/x"), `${tagOf("mm-1")}abc`)).toBeUndefined();
  expect(replicas.byTicket(request("GET", "/v1/tickets/x"), "none")).toBeUndefined();
  await replicas.byTicket(request("DELETE", "/v1/tickets/x"), `${tagOf("mm-2")}abc`);
  expect(asked.map(({ init }) => [init.method, init.body])).toEqual([["DELETE", undefined]]);
});

it("[HA23] an owner that nobody knows the address of, or that does not answer, is away", async () => {
  await expect(setUp([]).replicas.byOwner(request("POST", "/v1/tickets", "{}"), theirs, "any")).rejects.toEqual(away);
  const broken = createReplicas({
    replica: "mm-1",
    others: [{ replica: "mm-2", url: "http://two:2600" }],
    replicaSet: () => ({ epoch: 1, members }),
    fetch: async () => {
      throw new TypeError("fetch failed");
    },
  });
  await expect(broken.byOwner(request("POST", "/v1/tickets", "{}"), theirs, "any")).rejects.toEqual(away);
});
