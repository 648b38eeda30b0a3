/** Tickets of players whom a studio's server names: submitted, waited for, answered for, ended. */
import { every } from "@frontrow/shared/clock.ts";
import { FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { compatOf, matchModeNamed } from "../../embed/submission.ts";
import { IdempotencyHeader, ReadyRequest, TicketPath, TicketRequest, TicketView, waitQuery } from "../schemas.ts";
import { ticketView } from "../view.ts";
import { type ApiEnv, type ApiWorld, needs, problems } from "../world.ts";

const tags = ["tickets"];
const ticketJson = (description: string) => ({
  description,
  content: { "application/json": { schema: TicketView } },
});

const submit = createRoute({
  method: "post",
  path: "/v1/tickets",
  operationId: "submitTicket",
  summary: "Submit a ticket",
  description: "Then ask for it again and again, by long poll or event stream: whoever stops asking has left.",
  tags,
  ...needs("tickets"),
  request: {
    headers: IdempotencyHeader,
    body: { content: { "application/json": { schema: TicketRequest } }, required: true },
  },
  responses: {
    201: {
      ...ticketJson("It waits."),
      headers: z.object({ location: z.string(), "idempotency-replayed": z.enum(["true"]).optional() }),
    },
    ...problems,
  },
});

const get = (waitMsMax: number) =>
  createRoute({
    method: "get",
    path: "/v1/tickets/{id}",
    operationId: "getTicket",
    summary: "How a ticket stands; with `waitMs`, once it ended",
    tags,
    ...needs("tickets"),
    request: { params: TicketPath, query: waitQuery(waitMsMax) },
    responses: { 200: ticketJson("As it stands now."), ...problems },
  });

const events = createRoute({
  method: "get",
  path: "/v1/tickets/{id}/events",
  operationId: "followTicket",
  summary: "A ticket's states as server-sent events",
  description: "Each event is named `ticket` and carries a Ticket as JSON; the stream ends with the ticket.",
  tags,
  ...needs("tickets"),
  request: { params: TicketPath },
  responses: {
    200: { description: "The stream.", content: { "text/event-stream": { schema: z.string() } } },
    ...problems,
  },
});

const ready = createRoute({
  method: "put",
  path: "/v1/tickets/{id}/ready",
  operationId: "answerReadyCheck",
  summary: "Answer a ready check for the whole party",
  tags,
  ...needs("tickets"),
  request: {
    params: TicketPath,
    body: { content: { "application/json": { schema: ReadyRequest } }, required: true },
  },
  responses: { 200: ticketJson("As it stands now."), ...problems },
});

const cancel = createRoute({
  method: "delete",
  path: "/v1/tickets/{id}",
  operationId: "cancelTicket",
  summary: "End a ticket",
  description: "Before its seats it yields none; after them those in which nobody sits are given back.",
  tags,
  ...needs("tickets"),
  request: { params: TicketPath },
  responses: { 200: ticketJson("As it ended."), ...problems },
});

export function ticketRoutes(app: OpenAPIHono<ApiEnv>, world: ApiWorld): void {
  const { held, limits, clock, show, submissions } = world;

  app.openapi(submit, async (c) => {
    const submission = c.req.valid("json");
    // A mode that there is not has no owner to tell that.
    matchModeNamed(submission.mode, world.modes);
    const compat = compatOf(submission.compat, world.compats);
    const passed = world.replicas.byOwner({ raw: c.req.raw, text: () => c.req.text() }, submission.mode, compat);
    if (passed) return (await passed) as never;
    const key = c.req.valid("header")["idempotency-key"];
    const make = async () => held.submit(submission).ticket.id;
    const { value: id, isRepeat } = key
      ? await submissions.once(`${c.var.key.id} ${key}`, submission, make)
      : { value: await make(), isRepeat: false };
    c.header("location", `/v1/tickets/${id}`);
    if (isRepeat) c.header("idempotency-replayed", "true");
    return c.json(ticketView(held.get(id), show), 201);
  });

  app.openapi(get(limits.apiWaitMs), async (c) => {
    const { id } = c.req.valid("param");
    const { waitMs } = c.req.valid("query");
    const now = waitMs > 0 ? await held.wait(id, waitMs, c.req.raw.signal) : held.get(id);
    return c.json(ticketView(now, show), 200);
  });

  app.openapi(events, (c) => {
    const { id } = c.req.valid("param");
    if (c.req.raw.method === "HEAD") throw new FrontrowError("METHOD_NOT_ALLOWED");
    held.get(id);
    const gone = new AbortController();
    c.req.raw.signal.addEventListener("abort", () => gone.abort());
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => gone.abort());
      // Tells proxies, and us, that the other end is still there.
      const stopBeating = every(clock, limits.apiKeepAliveMs, () => void stream.write(":\n\n"));
      let said = Promise.resolve();
      const say = (event: string, data: object) => {
        said = said.then(() => stream.writeSSE({ event, data: JSON.stringify(data) }));
      };
      try {
        await held.follow(id, (now) => say("ticket", ticketView(now, show)), gone.signal);
      } catch (error) {
        say("problem", refusalOf(error));
      } finally {
        stopBeating();
        await said;
      }
    });
  });

  app.openapi(ready, (c) => {
    const { id } = c.req.valid("param");
    const { ticket } = held.get(id);
    ticket.ready(c.req.valid("json").accept);
    return c.json(ticketView(held.get(id), show), 200);
  });

  app.openapi(cancel, (c) => c.json(ticketView(held.cancel(c.req.valid("param").id), show), 200));
}
