// The public face of the engine on a machine: a broker that listens, a client that connects. What needs no machine is in
// `broker/index.ts`.
export { PortTaken } from './bind.ts';
export { type Clock, systemClock } from './clock.ts';
export { type ConnectedClient, type ConnectOptions, connect, Refused } from './connect.ts';
export { type Listening, type ListenOptions, listen } from './listen.ts';
export { type LogOptions, log } from './log.ts';
