// Building a world by hand: what was done stays done as far as it can, whatever is changed.
import { expect, test } from 'vitest';
import { World } from '#broker/index.ts';
import { writeBroker } from '../../../src/widgets/lab/broker.ts';
import { writeClient } from '../../../src/widgets/lab/clients.ts';
import {
  addClient,
  changeClient,
  changeSetup,
  firstLab,
  insertLine,
  type Lab,
  moveLine,
  nameRefusal,
  participantsOf,
  removeClient,
  removeLine,
  renameClient,
} from '../../../src/widgets/lab/lab.ts';

const world = ({ setup, inputs, at }: Lab) => new World(setup, inputs.slice(0, at));
const done = ({ inputs }: Lab) => inputs.map((input) => input.do);

test('the lab opens with one message on its way to the broker', () => {
  const flight = world(firstLab()).next();
  expect(flight).toMatchObject({ from: 'p1', to: 'broker', state: 'in flight' });
});

test('a line that is taken out takes with it what can no longer happen, and nothing else', () => {
  const lab = firstLab();
  const subscribe = lab.inputs.findIndex((input) => input.do === 'subscribe');
  const { lab: next, misfits } = removeLine(lab, subscribe);
  expect(misfits.map(({ line }) => line.input.do)).toEqual(['deliver', 'deliver']);
  expect(done(next)).toEqual(['connect', 'deliver', 'deliver', 'connect', 'deliver', 'deliver', 'publish']);
  expect(world(next).next()).toMatchObject({ from: 'p1' });
});

test('lines that follow one that was taken out are about the same packets as before', () => {
  const lab = firstLab();
  const { lab: next } = removeLine(lab, 0);
  expect(next.inputs).toEqual([
    { do: 'connect', client: 'p1' },
    { do: 'deliver', flight: 1 },
    { do: 'deliver', flight: 2 },
    lab.inputs.at(-1),
  ]);
});

test('a line can be moved, and what cannot happen there is left out and told', () => {
  const lab = firstLab();
  const last = lab.inputs.length - 1;
  const { lab: next, misfits } = moveLine(lab, last, 0);
  expect(next.inputs[0]).toEqual(lab.inputs[last]);
  expect(misfits).toEqual([]);
  const { misfits: lost } = moveLine(lab, 1, 0);
  expect(lost.map(({ line }) => line.input)).toContainEqual(lab.inputs[1]);
});

test('what is inserted goes in where the reader stands, and what follows stays', () => {
  const lab = { ...firstLab(), at: 3 };
  const { lab: next } = insertLine(lab, { do: 'wait', time: 1000 });
  expect(next.at).toBe(4);
  expect(next.inputs.slice(3)).toEqual([{ do: 'wait', time: 1000 }, ...lab.inputs.slice(3)]);
});

test('a client that is taken out takes all that was done with it', () => {
  const { lab } = removeClient(firstLab(), 'phone');
  expect(lab.setup.clients.map(({ name }) => name)).toEqual(['p1']);
  expect(done(lab)).toEqual(['connect', 'deliver', 'deliver', 'publish']);
});

test('a client that is renamed does what it did under its new name', () => {
  const before = firstLab();
  const { lab, misfits } = renameClient(before, 'phone', 'tablet');
  expect(misfits).toEqual([]);
  expect(done(lab)).toEqual(done(before));
  expect(world(lab).flights[0]).toMatchObject({ client: 'tablet' });
});

test('no two clients have one name, and none is called like the broker', () => {
  const { lab } = addClient(addClient(firstLab()).lab);
  expect(lab.setup.clients.map(({ name }) => name)).toEqual(['p1', 'phone', 'c3', 'c4']);
  expect(
    ['phone', 'broker', '', 'x'.repeat(24), 'tv', 'p1'].map((name) => nameRefusal(lab, 'p1', name)),
  ).toEqual(['taken', 'taken', 'empty', 'long', undefined, undefined]);
});

test('the broker stands in the middle, and each client shows what it does', () => {
  const { lab } = addClient(firstLab());
  expect(participantsOf(lab.setup, lab.inputs)).toEqual([
    { name: 'p1', role: 'publisher' },
    { name: 'c3', role: 'both' },
    { name: 'broker', role: 'broker' },
    { name: 'phone', role: 'subscriber' },
  ]);
});

test('a client is set to 5.0 and back, and loses what only 5.0 knows', () => {
  const lab = firstLab();
  const [p1] = lab.setup.clients;
  if (!p1) throw new Error('nobody is here');
  let five = writeClient(p1, 'version', 5);
  five = writeClient(five, 'sessionExpiryInterval', 60);
  five = writeClient(five, 'willTopic', 'status/p1');
  five = writeClient(five, 'willDelayInterval', 5);
  expect(five).toMatchObject({
    version: 5,
    properties: { sessionExpiryInterval: 60 },
    will: { topic: 'status/p1', properties: { willDelayInterval: 5 } },
  });
  const { lab: next } = changeClient(lab, 'p1', five);
  expect(world(next).flights.find(({ client }) => client === 'p1')?.version).toBe(5);
  const back = writeClient(writeClient(five, 'willTopic', ''), 'version', 4);
  expect(back).toEqual({ name: 'p1', keepAlive: 0, version: 4 });
});

test('a client that may not connect as it is set up is refused', () => {
  const lab = firstLab();
  const [p1] = lab.setup.clients;
  if (!p1) throw new Error('nobody is here');
  expect(() => changeClient(lab, 'p1', writeClient(p1, 'willTopic', 'status/#'))).toThrow(RangeError);
});

test('a broker is set otherwise, and what is at its default is not written down', () => {
  const lab = firstLab();
  const settings = writeBroker(undefined, 'maximumQoS', 0);
  const { lab: next } = changeSetup(lab, { ...lab.setup, broker: settings });
  expect(next.setup.broker).toEqual({ maximumQoS: 0 });
  expect(writeBroker(settings, 'maximumQoS', 2)).toEqual({});
});
