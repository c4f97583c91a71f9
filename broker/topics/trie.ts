// A tree of topic levels in which values are found by the filters or the names that they were put under. Knows how to walk
// with wildcards in the tree (subscriptions) and with wildcards in the question (retained messages); knows nothing of what
// it holds.

interface Node<Key, Value> {
  children: Map<string, Node<Key, Value>>;
  /** What ends at this level. */
  values: Map<Key, Value>;
}

export class Trie<Key, Value> {
  readonly #root: Node<Key, Value> = emptyNode();

  /** Puts a value under a path, in place of an earlier one of the same key, which is returned. */
  set(path: string, key: Key, value: Value): Value | undefined {
    let node = this.#root;
    for (const level of path.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = emptyNode();
        node.children.set(level, child);
      }
      node = child;
    }
    const before = node.values.get(key);
    node.values.set(key, value);
    return before;
  }

  get(path: string, key: Key): Value | undefined {
    return this.#walk(path).at(-1)?.values.get(key);
  }

  /** Takes a value out, and returns it. Branches that are empty then go with it. */
  delete(path: string, key: Key): Value | undefined {
    const nodes = this.#walk(path);
    const last = nodes.at(-1);
    const value = last?.values.get(key);
    if (last === undefined || !last.values.delete(key)) return undefined;
    const levels = path.split('/');
    for (let depth = levels.length; depth > 0; depth--) {
      const node = nodes[depth] as Node<Key, Value>;
      if (node.values.size > 0 || node.children.size > 0) break;
      (nodes[depth - 1] as Node<Key, Value>).children.delete(levels[depth - 1] as string);
    }
    return value;
  }

  /** Calls `visit` with every value whose path, read as a topic filter, matches the topic name. */
  matchName(topic: string, visit: (value: Value) => void): void {
    const levels = topic.split('/');
    const isSystem = topic.startsWith('$');
    const descend = (node: Node<Key, Value>, depth: number): void => {
      const wildcards = depth > 0 || !isSystem; // [MQTT-4.7.2-1]
      if (wildcards) node.children.get('#')?.values.forEach(visit);
      if (depth === levels.length) {
        node.values.forEach(visit);
        return;
      }
      const exact = node.children.get(levels[depth] as string); // [MQTT-4.7.3-4]
      if (exact !== undefined) descend(exact, depth + 1);
      const any = wildcards ? node.children.get('+') : undefined;
      if (any !== undefined) descend(any, depth + 1);
    };
    descend(this.#root, 0);
  }

  /** Calls `visit` with every value whose path is a topic name that the filter matches. */
  matchFilter(topicFilter: string, visit: (value: Value) => void): void {
    const levels = topicFilter.split('/');
    const all = (node: Node<Key, Value>, depth: number): void => {
      node.values.forEach(visit);
      for (const [level, child] of node.children) if (isVisible(level, depth)) all(child, depth + 1);
    };
    const descend = (node: Node<Key, Value>, depth: number): void => {
      const level = levels[depth];
      if (level === undefined) node.values.forEach(visit);
      else if (level === '#') all(node, depth);
      else if (level === '+') {
        for (const [name, child] of node.children) if (isVisible(name, depth)) descend(child, depth + 1);
      } else {
        const child = node.children.get(level);
        if (child !== undefined) descend(child, depth + 1);
      }
    };
    descend(this.#root, 0);
  }

  /** Calls `visit` with every value there is. */
  visitAll(visit: (value: Value) => void): void {
    const descend = (node: Node<Key, Value>): void => {
      node.values.forEach(visit);
      node.children.forEach(descend);
    };
    descend(this.#root);
  }

  /** The nodes along a path, the root first; empty when the path is not there. */
  #walk(path: string): Node<Key, Value>[] {
    const nodes = [this.#root];
    for (const level of path.split('/')) {
      const child = (nodes.at(-1) as Node<Key, Value>).children.get(level);
      if (child === undefined) return [];
      nodes.push(child);
    }
    return nodes;
  }
}

/** A wildcard at the first level does not see names that begin with `$` [MQTT-4.7.2-1]. */
function isVisible(level: string, depth: number): boolean {
  return depth > 0 || !level.startsWith('$');
}

function emptyNode<Key, Value>(): Node<Key, Value> {
  return { children: new Map(), values: new Map() };
}
