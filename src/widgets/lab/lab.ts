// A world that a reader builds: who is in it, what was done, and how far along they stand. Each change makes a new one, and
// keeps as much of what was done as can still happen. Plain data; knows no words and no screen.
import type { ClientSetup, Input, Setup } from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import { type Run, settled } from '../../lessons/run.ts';
import type { Participant, Role, Scenario } from '../../lessons/scenario.ts';
import { type Fitted, fit, isAbout, type Line, type Misfit, renamed, scriptOf } from './script.ts';

export interface Lab {
  readonly setup: Setup;
  readonly inputs: readonly Input[];
  /** How many of them have been done where the reader stands. */
  readonly at: number;
}

/** A lab after a change, and what of its script could not stay. */
export interface Changed {
  readonly lab: Lab;
  readonly misfits: readonly Misfit[];
}

/** One and the same, so that runs of one world are known to be so. */
const NOTHING: readonly Input[] = [];
/** The name under which the stepper knows the one story of a lab. */
export const STORY = 'lab';

/** The world with which the lab opens: one message, on its way to the broker. */
export function firstLab(): Lab {
  const setup: Setup = {
    version: 4,
    clients: [
      { name: 'p1', keepAlive: 0 },
      { name: 'phone', keepAlive: 0 },
    ],
  };
  return labOf(setup, [
    ...settled(setup, [
      { do: 'connect', client: 'phone' },
      { do: 'subscribe', client: 'phone', topicFilter: 'Room1/#', qos: 1 },
      { do: 'connect', client: 'p1' },
    ]),
    { do: 'publish', client: 'p1', topic: 'Room1/Light', payload: 'Turn On', qos: 1 },
  ]);
}

/** A lab in which all has been done. */
export function labOf(setup: Setup, inputs: readonly Input[]): Lab {
  return { setup, inputs, at: inputs.length };
}

/** What a run of the stepper leaves of a lab. */
export function labOfRun({ scenario, inputs, at }: Run): Lab {
  return { setup: scenario.setup, inputs, at };
}

/** A lab as a run that the stepper shows. */
export function runOf(lab: Lab): Run {
  return { scenario: scenarioOf(lab), inputs: lab.inputs, at: lab.at };
}

/** What the stepper is told of a lab. */
function scenarioOf({ setup, inputs }: Lab): Scenario {
  // What the broker keeps is the greater part of what is to be seen in a world that one built.
  return {
    setup,
    participants: participantsOf(setup, inputs),
    before: NOTHING,
    opening: inputs,
    script: NOTHING,
    tells: 'session',
  };
}

/** Who stands where: the broker in the middle, the clients to its left and right by turns. */
export function participantsOf(setup: Setup, inputs: readonly Input[]): Participant[] {
  const joined = inputs.flatMap((input) => (input.do === 'join' ? [input.setup] : []));
  const clients = [...setup.clients, ...joined];
  const of = (side: 0 | 1) =>
    clients
      .filter((_, index) => index % 2 === side)
      .map((client) => ({ name: client.name, role: roleOf(client, inputs) }));
  return [...of(0), { name: BROKER, role: 'broker' }, ...of(1)];
}

function roleOf({ name, will }: ClientSetup, inputs: readonly Input[]): Role {
  const does = (what: Input['do']) =>
    inputs.some((input) => input.do === what && 'client' in input && input.client === name);
  const [publishes, subscribes] = [does('publish') || will !== undefined, does('subscribe')];
  if (publishes !== subscribes) return publishes ? 'publisher' : 'subscriber';
  return 'both';
}

/** Adds a client under a name that nobody has. */
export function addClient(lab: Lab): Changed {
  const { clients } = lab.setup;
  const taken = new Set(clients.map(({ name }) => name));
  let number = clients.length + 1;
  while (taken.has(`c${number}`)) number++;
  return refit(lab, { ...lab.setup, clients: [...clients, { name: `c${number}`, keepAlive: 0 }] });
}

/** Takes a client out, and all that was done with it. */
export function removeClient(lab: Lab, name: string): Changed {
  const setup = { ...lab.setup, clients: lab.setup.clients.filter((client) => client.name !== name) };
  return refit(lab, setup, (script) => script.filter((line) => !isAbout(line, name)));
}

/** Why a client cannot have a name. */
export type NameRefusal = 'empty' | 'taken' | 'long';

const LONGEST_NAME = 23;

/** Whether a client may have a name; in a figure names are short. */
export function nameRefusal({ setup }: Lab, from: string, to: string): NameRefusal | undefined {
  if (to === '') return 'empty';
  if (to.length > LONGEST_NAME) return 'long';
  const isTaken = to === BROKER || setup.clients.some(({ name }) => name === to && name !== from);
  return isTaken ? 'taken' : undefined;
}

/** Calls a client otherwise. */
export function renameClient(lab: Lab, from: string, to: string): Changed {
  const clients = lab.setup.clients.map((client) =>
    client.name === from ? { ...client, name: to } : client,
  );
  return refit(lab, { ...lab.setup, clients }, (script) => renamed(script, from, to));
}

/** Sets a client otherwise. */
export function changeClient(lab: Lab, name: string, client: ClientSetup): Changed {
  const clients = lab.setup.clients.map((each) => (each.name === name ? client : each));
  return refit(lab, { ...lab.setup, clients });
}

/** Sets the world otherwise: its broker, or the version that its clients speak. */
export function changeSetup(lab: Lab, setup: Setup): Changed {
  return refit(lab, setup);
}

/** Takes a line out of the script. */
export function removeLine(lab: Lab, index: number): Changed {
  return refit(lab, lab.setup, (script) => script.toSpliced(index, 1));
}

/** Moves a line of the script to another place. */
export function moveLine(lab: Lab, from: number, to: number): Changed {
  return refit(lab, lab.setup, (script) => {
    const [line] = script.slice(from, from + 1);
    return line ? script.toSpliced(from, 1).toSpliced(to, 0, line) : script;
  });
}

/** Does something in the middle of a script; what follows stays. */
export function insertLine(lab: Lab, input: Input): Changed {
  const { setup, inputs, at } = lab;
  const done = [...inputs.slice(0, at), input];
  const before = scriptOf(setup, done);
  const after = scriptOf(setup, inputs).slice(at);
  const fitted = fit(setup, [...before, ...after]);
  return { lab: { setup, inputs: fitted.inputs, at: at + 1 }, misfits: fitted.misfits };
}

/** The lab in another world: the reader stands behind the same line as before, or the last one before it that stayed. */
function refit(lab: Lab, setup: Setup, edit: (script: Line[]) => Line[] = (script) => script): Changed {
  const old = scriptOf(lab.setup, lab.inputs);
  const script = edit(old);
  const fitted = fit(setup, script);
  const stood = old[lab.at - 1];
  const at = lab.at === lab.inputs.length ? fitted.inputs.length : placeAfter(script, fitted, stood, lab.at);
  return { lab: { setup, inputs: fitted.inputs, at }, misfits: fitted.misfits };
}

function placeAfter(
  script: readonly Line[],
  { inputs, places }: Fitted,
  stood: Line | undefined,
  at: number,
): number {
  const line = stood ? script.indexOf(stood) : -1;
  const last = line < 0 ? at - 1 : line;
  const done = places.slice(0, last + 1).filter((place) => place !== undefined);
  return Math.min(done.length, inputs.length);
}
