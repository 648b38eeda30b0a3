/**
 * What each process counts, by name, in the words of the architecture. Names follow Prometheus' custom: the unit last,
 * `_total` for counters. Labels have few values, known beforehand: never a player, a room, an address or a code that a client
 * chose.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds; placing has to stay within 30 ms, so most buckets are below that. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const WAIT_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120];
/** Rating points. */
const SPREAD_BUCKETS = [10, 25, 50, 100, 200, 400, 800];
const ROUND_TRIP_BUCKETS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1];

/** A registry of this process alone, with Node's own metrics in it. */
export function createRegistry(process: string, metro?: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(metro ? { process, metro } : { process });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Shorthands that put every metric into `registry`. */
function makers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Counter({ name: `frontrow_${name}`, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Gauge({ name: `frontrow_${name}`, help, labelNames, registers }),
    histogram: <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
      new Histogram({ name: `frontrow_${name}`, help, buckets, labelNames, registers }),
  };
}

/** Keeps gauges that are read off somewhere up to date: often enough for any scraper, and not on its time. */
export function sampled(read: () => void): void {
  setInterval(read, 1_000).unref();
}

export type EdgeMetrics = ReturnType<typeof createEdgeMetrics>;
export function createEdgeMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    sessions: gauge("edge_sessions", "Client sessions open now."),
    tickets: counter("edge_tickets_total", "Tickets by how they ended: seat, or an error code.", "mode", "outcome"),
    ticketsHeld: gauge("edge_tickets_held", "Tickets of match modes that wait now."),
    placeSeconds: histogram("edge_place_seconds", "From a ticket's arrival to its end.", LATENCY_BUCKETS, "mode"),
    refusals: counter("edge_refusals_total", "Messages, requests and upgrades refused, by error code.", "code"),
    clientRoundTripSeconds: histogram(
      "edge_client_round_trip_seconds",
      "Verified round trips of clients to this edge.",
      ROUND_TRIP_BUCKETS,
    ),
    linkUp: gauge("edge_link_up", "1 while the link to a metro is up.", "to"),
    linkRoundTripSeconds: gauge("edge_link_round_trip_seconds", "Round trip to a metro, measured on its link.", "to"),
  };
}

export type MatchmakerMetrics = ReturnType<typeof createMatchmakerMetrics>;
export function createMatchmakerMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    links: gauge("matchmaker_links", "Edges linked now."),
    linksRefused: counter("matchmaker_links_refused_total", "Link hellos that were not believed."),
    sessions: gauge("matchmaker_sessions", "Client sessions open on the linked edges."),
    superseded: counter("matchmaker_superseded_total", "Sessions ended by a newer one of the same player."),
    reservations: counter(
      "matchmaker_reservations_total",
      "Reservations by what the lobby index replied, or an error code.",
      "mode",
      "outcome",
    ),
    reserveSeconds: histogram("matchmaker_reserve_seconds", "One reservation in the lobby index.", LATENCY_BUCKETS),
    matches: counter(
      "matchmaker_matches_total",
      "Matches by how they ended: seated, unknown, or why not.",
      "mode",
      "outcome",
    ),
    matchesReplaced: counter(
      "matchmaker_matches_replaced_total",
      "Matches whose server left with them or let nobody in, by whether they were placed again.",
      "mode",
      "why",
      "outcome",
    ),
    matchWaitSeconds: histogram(
      "matchmaker_match_wait_seconds",
      "Age of a match's oldest ticket.",
      WAIT_BUCKETS,
      "mode",
    ),
    matchSpread: histogram(
      "matchmaker_match_spread",
      "Largest difference of ratings in a match.",
      SPREAD_BUCKETS,
      "mode",
    ),
    results: counter(
      "matchmaker_results_total",
      "Matches' results by what the ratings did with them.",
      "mode",
      "outcome",
    ),
    poolTickets: gauge("matchmaker_pool_tickets", "Tickets in the pools that this replica owns.", "mode", "compat"),
    matchesInFlight: gauge("matchmaker_matches_in_flight", "Matches between proposal and seats."),
    epoch: gauge("matchmaker_epoch", "Epoch of the metro's replica set, as this replica knows it."),
    replicas: gauge("matchmaker_replicas", "Replicas in the metro's set."),
    apiTickets: gauge("matchmaker_api_tickets", "Tickets held over HTTP."),
    apiRefusals: counter(
      "matchmaker_api_refusals_total",
      "Requests of the HTTP API that were refused, by error code.",
      "code",
    ),
    webhooks: counter(
      "matchmaker_webhooks_total",
      "Webhooks by type, and by whether they were sent or dropped.",
      "type",
      "outcome",
    ),
    registrationsRefused: counter("matchmaker_registrations_refused_total", "Servers whose fleet signature was wrong."),
    indexUp: gauge("matchmaker_index_up", "1 while the lobby index answers."),
  };
}

export type GameServerMetrics = ReturnType<typeof createGameServerMetrics>;
export function createGameServerMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    rooms: gauge("game_server_rooms", "Rooms running now.", "mode"),
    seats: gauge("game_server_seats", "Seats that somebody sits in."),
    seatsMax: gauge("game_server_seats_max", "Seats at which this server is full."),
    load: gauge("game_server_load", "0 idle to 1 at its ceiling, as the heartbeat tells it."),
    admissions: counter("game_server_admissions_total", "Seat tokens by what became of them.", "outcome"),
    tickSeconds: histogram("game_server_tick_seconds", "One tick of all rooms.", LATENCY_BUCKETS),
    tickLateSeconds: histogram("game_server_tick_late_seconds", "How late a tick began.", LATENCY_BUCKETS),
    slowClients: counter("game_server_slow_clients_total", "Clients that did not keep up, by what was done.", "action"),
    streamEncodeSeconds: histogram(
      "game_server_stream_encode_seconds",
      "Encoding one tick of one room's stream.",
      LATENCY_BUCKETS,
    ),
    streamFrames: counter("game_server_stream_frames_total", "Frames of streams that left."),
    streamBytes: counter("game_server_stream_bytes_total", "Their bytes."),
    streamPaces: counter(
      "game_server_stream_paces_total",
      "Clients whose pace of the stream changed, by the new one.",
      "pace",
    ),
    streamRestarts: counter("game_server_stream_restarts_total", "Clients that asked for everything anew."),
    badClients: counter("game_server_bad_clients_total", "Clients closed for what they sent, by error code.", "code"),
    roomsCut: counter(
      "game_server_rooms_cut_total",
      "Rooms that were ended with players in them, because the server left.",
      "mode",
    ),
    roomsThrew: counter(
      "game_server_rooms_threw_total",
      "Exceptions of room code that it did not catch.",
      "where",
      "mode",
    ),
    overruns: counter("game_server_overruns_total", "Ticks that took longer than their room gives them.", "mode"),
    overloadLevel: gauge("game_server_overload_level", "Steps of the overload ladder that are taken, 0 to 3."),
    overloadSteps: counter(
      "game_server_overload_steps_total",
      "Steps of the overload ladder, taken and taken back.",
      "step",
      "way",
    ),
    tickOverBudget: gauge(
      "game_server_tick_over_budget",
      "What ticks took of their room's period in the last ten seconds; 1 is all of it.",
      "quantile",
    ),
    seatsFree: gauge("game_server_seats_free", "Seats that this server could still fill."),
    roomsByState: gauge("game_server_rooms_by_state", "Rooms by what they would say to a player.", "state"),
    draining: gauge("game_server_draining", "1 once the server leaves."),
    results: counter(
      "game_server_results_total",
      "Results of matches by the lobby index's reply, AWAY or LOST.",
      "reply",
    ),
    heartbeats: counter("game_server_heartbeats_total", "Heartbeats by reply, or AWAY.", "reply"),
  };
}
