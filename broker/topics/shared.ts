// One shared subscription: a group of which each message goes to one member (5.0, section 4.8.2). Knows whose turn it is;
// the host of the group says who can take a message right now.

export class Group<Holder, Entry> {
  readonly #members = new Map<Holder, Entry>();

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get(holder: Holder): Entry | undefined {
    return this.#members.get(holder);
  }

  set(holder: Holder, entry: Entry): void {
    this.#members.set(holder, entry);
  }

  delete(holder: Holder): boolean {
    return this.#members.delete(holder);
  }

  /** The member whose turn it is, among those that are ready; if none is, among all. It then goes to the end of the row. */
  next(isReady: (holder: Holder) => boolean): Entry | undefined {
    let chosen: Holder | undefined;
    for (const holder of this.#members.keys()) {
      chosen ??= holder;
      if (!isReady(holder)) continue;
      chosen = holder;
      break;
    }
    if (chosen === undefined) return undefined;
    const entry = this.#members.get(chosen) as Entry;
    this.#members.delete(chosen);
    this.#members.set(chosen, entry);
    return entry;
  }
}
