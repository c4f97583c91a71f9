// The engine's public face. Runs anywhere: no socket, no clock and no chance of its own.
export * from './capture/index.ts';
export {
  Client,
  type ClientEnvironment,
  type ClientEvent,
  type ClientSettings,
  type ClientSnapshot,
  type Outgoing,
  type Wanted,
} from './client/client.ts';
export type { ClientRefusalId } from './client/refusal.ts';
export * from './codec/index.ts';
export { type Access, type Caller, OPEN } from './server/access.ts';
export type { AuthenticationMethod, Exchange, Step } from './server/authentication.ts';
export { Broker, type BrokerSnapshot, type Environment } from './server/broker.ts';
export { SCRAM_SHA_256, type ScramEnvironment, type ScramKeys, scram } from './server/scram.ts';
export type { SessionSnapshot } from './server/session.ts';
export { DEFAULT_SETTINGS, NEVER, type Settings } from './server/settings.ts';
export type { Connection, Link } from './session/link.ts';
export type { OutboundSnapshot } from './session/outbound.ts';
export type { Event, Trace, TraceEvent } from './session/trace.ts';
export { ImpossibleInput, type Input, type PublishProperties, type Refusal } from './sim/input.ts';
export type { Flight } from './sim/network.ts';
export type { Received } from './sim/participant.ts';
export { type LinkState, type Moment, Recording } from './sim/recording.ts';
export { impossible, REFUSALS, type RefusalId, refusalOf } from './sim/refusal.ts';
export type { ClientSetup, LinkSetup, Reconnect, Setup } from './sim/setup.ts';
export { World, type WorldSnapshot } from './sim/world.ts';
export { matches, mismatch } from './topics/filter.ts';
