/**
 * The matchmaker's end of a link: one WebSocket an edge. It greets with a challenge, believes the edge only after a signed
 * hello that answers it, and then serves requests side by side, each answered by its `rid`.
 */
import type { Socket, SocketRoute } from "@frontrow/listener/listener.ts";
import { errorCatalogue, FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import { distrustLinkHello, type LinkTrust, makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import type { SigningKey } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createOutbox, type Outbox } from "@frontrow/shared/link/outbox.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { type LinkDown, type LinkHello, LinkUp } from "@frontrow/shared/protocol/link.ts";
import { refusalWire } from "@frontrow/shared/protocol/words.ts";
import * as z from "zod";
import type { Metro, MetroConnection } from "../metro.ts";

const Frame = z.array(LinkUp).max(512);
/** Before its hello a peer may say no more than a hello. */
const HELLO_BYTES = 1_024;

export interface LinkDoorOptions {
  readonly metro: Pick<Metro, "metro" | "connect" | "healthy">;
  readonly limits: Limits;
  /** Signs this end's hello; without one the link is unsigned (development, loopback). */
  readonly key: SigningKey | undefined;
  readonly trust: LinkTrust;
  readonly nowMs: () => number;
  readonly schedule: (flush: () => void) => void;
  readonly log: (event: "link-open" | "link-refused" | "link-closed", detail: Record<string, unknown>) => void;
}

type Peer =
  | { state: "greeting"; challenge: string; deadline: NodeJS.Timeout; address: string }
  | { state: "open"; name: string; connection: MetroConnection; outbox: Outbox<LinkDown>; pending: number }
  | { state: "closed" };

type Request = Extract<LinkUp, { rid: number }>;

export function createLinkDoor(options: LinkDoorOptions): SocketRoute<{ peer: Peer; address: string }> {
  const { metro, limits, key, trust, nowMs, schedule, log } = options;
  type LinkSocket = Socket<{ peer: Peer; address: string }>;

  /** `claimed` is the name that the peer gave itself. Its key is not logged: a mistaken one may be the private half. */
  function refuse(socket: LinkSocket, why: string, claimed: { edge?: string } = {}): void {
    log("link-refused", { address: socket.address, why, ...claimed });
    socket.close(errorCatalogue.LINK_REFUSED.close, why.slice(0, 120));
  }

  function admit(socket: LinkSocket, challenge: string, hello: LinkHello): void {
    const why = distrustLinkHello(hello, challenge, nowMs(), trust);
    if (why) return refuse(socket, why, { edge: hello.name });
    const outbox = createOutbox<LinkDown>((frame) => void socket.send(frame), schedule);
    outbox.push(makeLinkHello(metro.metro, hello.nonce, nowMs(), key));
    const connection = metro.connect({
      superseded: (sid) => outbox.push({ t: "superseded", sid }),
      tell: outbox.push,
      replicas: ({ members, ...set }) => outbox.push({ t: "replicas", ...set, members: [...members] }),
    });
    socket.data.peer = { state: "open", name: hello.name, connection, outbox, pending: 0 };
    outbox.push({ t: "status", metro: metro.metro, degraded: !metro.healthy() });
    log("link-open", { edge: hello.name, address: socket.address, signed: hello.key !== "" });
  }

  async function answer(peer: Extract<Peer, { state: "open" }>, request: Request): Promise<LinkDown> {
    const { rid } = request;
    try {
      if (++peer.pending > limits.linkPendingMax) throw new FrontrowError("INDEX_BUSY");
      return await serve(peer.connection, request);
    } catch (error) {
      return { t: "refused", rid, ...refusalWire(refusalOf(error)) };
    } finally {
      peer.pending--;
    }
  }

  function hear(peer: Extract<Peer, { state: "open" }>, message: LinkUp): void {
    if (message.t === "probe") return peer.outbox.push({ t: "echo", nonce: message.nonce });
    if (message.t === "close-session") return peer.connection.closeSession(message.sid);
    if ("rid" in message) return void answer(peer, message).then(peer.outbox.push);
    if (message.t !== "hello") peer.connection.hear(message);
  }

  return {
    path: "/v1/link",
    messageBytesMax: limits.linkFrameBytes,
    sendBufferBytesMax: limits.linkFrameBytes * 4,
    idleMs: limits.socketIdleMs,

    upgrade: (head) => ({ accept: { peer: { state: "closed" }, address: head.address } }),

    open(socket) {
      const hello = makeLinkHello(metro.metro, "", nowMs(), key);
      const deadline = setTimeout(() => refuse(socket, "no hello in time"), limits.helloMs);
      socket.data.peer = { state: "greeting", challenge: hello.nonce, deadline, address: socket.address };
      socket.send(encodeMsgpack([hello]));
    },

    message(socket, bytes) {
      const { peer } = socket.data;
      if (peer.state === "closed") return;
      const frame = decode(Frame, bytes, peer.state === "open" ? limits.linkFrameBytes : HELLO_BYTES);
      if (!frame.ok) return refuse(socket, frame.why);
      if (peer.state === "greeting") {
        clearTimeout(peer.deadline);
        const [first] = frame.value;
        if (first?.t !== "hello") return refuse(socket, "the first message must be a hello");
        return admit(socket, peer.challenge, first);
      }
      for (const message of frame.value) hear(peer, message);
    },

    close(socket) {
      const { peer } = socket.data;
      if (peer.state === "greeting") clearTimeout(peer.deadline);
      if (peer.state === "open") {
        peer.connection.close();
        log("link-closed", { edge: peer.name });
      }
      socket.data.peer = { state: "closed" };
    },
  };
}

async function serve(connection: MetroConnection, request: Request): Promise<LinkDown> {
  const { rid } = request;
  switch (request.t) {
    case "place":
      return { t: "placed", rid, seat: await connection.place(request) };
    case "find-seat":
      return { t: "found-seat", rid, ...present(await connection.findSeat(request)) };
    case "open-session":
      return { t: "session-opened", rid, ...(await connection.openSession(request)) };
    case "give-back":
      await connection.giveBack(request.sid, request.ticket, request.of);
      return { t: "given-back", rid };
    case "list-rooms":
      return { t: "rooms", rid, page: await connection.listRooms(request) };
    case "locate":
      return { t: "located", rid, ...(await connection.locate(request.roomId)) };
  }
}

/** What is absent has no field. */
const present = ({ seat, match, team }: Awaited<ReturnType<MetroConnection["findSeat"]>>) => ({
  seat,
  ...(match === undefined ? {} : { match }),
  ...(team === undefined ? {} : { team }),
});
