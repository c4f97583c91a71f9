// The receiver's half of QoS 2: the identifiers of messages that were passed on and whose PUBREL has not come. While an
// identifier is held here, another PUBLISH under it is the same message once more. QoS 1 needs no such memory, which is why
// it can deliver twice.

export class Inbound {
  readonly #accepted = new Set<number>();

  /** How many identifiers are held: they count against our Receive Maximum (5.0, section 4.9). */
  get size(): number {
    return this.#accepted.size;
  }

  has(packetId: number): boolean {
    return this.#accepted.has(packetId);
  }

  /** A PUBLISH was passed on: until its PUBREL comes it is not passed on again [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10]. */
  accept(packetId: number): void {
    this.#accepted.add(packetId);
  }

  /** PUBREL: the identifier is free for a new message [v5 MQTT-4.3.3-12]. Returns whether it was held. */
  release(packetId: number): boolean {
    return this.#accepted.delete(packetId);
  }

  forget(): void {
    this.#accepted.clear();
  }

  snapshot(): number[] {
    return [...this.#accepted];
  }
}
