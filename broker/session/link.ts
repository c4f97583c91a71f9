// The seam between the protocol and whatever carries its bytes: a socket, a WebSocket, or a wire in a simulated world.
// Knows no packet.

/** How an end of a connection sends, without loss and in order [v3 MQTT-7.1.1-1, MQTT-7.1.2-1] [v5 MQTT-4.2.0-1]. The host implements it; it never calls back into the protocol from within a call. */
export interface Link {
  /** Takes bytes to send, in order. They are not copied: the sender leaves them alone from then on. */
  send(frame: Uint8Array): void;
  /** Sends what was taken, then closes in a way that lets the other end read it. Nothing is sent after this. */
  close(): void;
  /** How many bytes were taken and have not left yet. */
  readonly backlog: number;
}

/** How a host tells an end of a connection what happened to it. The protocol implements it. */
export interface Connection {
  /** Bytes arrived, cut anywhere. They are not copied: the host leaves them alone from then on. */
  receive(chunk: Uint8Array): void;
  /** The backlog has become small. */
  drained(): void;
  /** The network connection is gone, for whatever reason. Nothing is received after this. */
  closed(): void;
}
