#!/usr/bin/env -S node --max-semi-space-size=64
/**
 * `frontrow <command>`. Each command is a file under `commands/`: a process exports `start(env, cwd)`, a command with options
 * of its own `register(program)`. Only the one that is asked for is loaded, so that `frontrow doctor` starts where a game's
 * code, or uWebSockets.js, does not.
 */
import { inspect } from "node:util";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { Command } from "commander";
import { closeOnSignal, type Running } from "./run.ts";
import { withoutSecrets } from "./without-secrets.ts";

const commands = {
  dev: "everything in one process, for development",
  edge: "an edge router: players' sockets, measured distances, links to matchmakers",
  matchmaker: "the matchmaker of one metro",
  "game-server": "a game server: rooms and seats",
  drain: "sends a game server away: no new players, matches finish, then whoever is left goes back",
  doctor: "looks for what is missing or wrong on this machine, and says what to do",
  simulate: "tries a mode's rules on tickets of the past: waits, skill, distances",
  keys: "prints fresh keys for the three kinds of process",
};

/** As sysexits.h has it: the configuration is wrong, a restart will not help. */
const EXIT_CONFIGURATION = 78;

interface CommandFile {
  start?(env: NodeJS.ProcessEnv, workingDirectory: string): Promise<Running>;
  register?(program: Command): void;
}

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name);
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("frontrow").description("Seats players in the front row.").showSuggestionAfterError();
  const asked = argv[2];
  for (const [name, about] of Object.entries(commands)) {
    if (name !== asked) program.command(name).description(about);
  }
  if (isCommand(asked)) {
    const { start, register } = (await import(`./commands/${asked}.ts`)) as CommandFile;
    if (register) register(program);
    else if (start) {
      const run = () => closeOnSignal(start(process.env, process.cwd()));
      program.command(asked).description(commands[asked]).action(run);
    }
  }
  await program.parseAsync([...argv]);
}

main(process.argv).catch((error) => {
  if (error instanceof ConfigurationError) {
    for (const problem of error.problems) console.error(`frontrow: ${withoutSecrets(problem)}`);
    // Not by itself: somebody waits for signals already, and a parent's channel is open.
    process.exit(EXIT_CONFIGURATION);
  }
  const isDebug = /^(debug|trace)$/.test(process.env.FRONTROW_LOG_LEVEL ?? "");
  console.error(`frontrow: ${withoutSecrets(isDebug || !(error instanceof Error) ? inspect(error) : error.message)}`);
  // What was started before the failure would keep the process alive.
  process.exit(1);
});
