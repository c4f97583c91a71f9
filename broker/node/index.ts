// The public face of the engine on a machine: a broker that listens, a client that connects. What needs no machine is in
// `broker/index.ts`.
export { PortTaken } from './bind.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Configuration, configure } from './config/configuration.ts';
export { ConfigurationError, nothing as noConfiguration, read as readConfiguration } from './config/read.ts';
export { type ConnectedClient, type ConnectOptions, connect, Refused } from './connect.ts';
export { type Listening, type ListenOptions, listen } from './listen.ts';
export { type LogOptions, log } from './log.ts';
export { type ServeOptions, type Serving, serve } from './serve.ts';
