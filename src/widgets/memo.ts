// What keeps a step in a long figure light: components that are drawn again only where something that they are told is
// another than before, and handlers that stay the same from one drawing to the next. It knows no widget.
import { Component, type ComponentChild, type ComponentClass, type FunctionComponent, h } from 'preact';
import { useMemo, useRef } from 'preact/hooks';

/** The same component, left as it is where each of its properties is the very value that it was. */
export function memo<Props extends object>(View: FunctionComponent<Props>): ComponentClass<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isSame(this.props as Props, next);
    }
    override render(props: Props): ComponentChild {
      return h(View, props);
    }
  };
}

function isSame<Props extends object>(one: Props, other: Props): boolean {
  const keys = Object.keys(one) as (keyof Props)[];
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/**
 * Handlers that never change and do what those that were given last do.
 * In: an object of functions; which of them there are does not change.
 */
export function useSteady<Handlers extends object>(handlers: Handlers): Handlers {
  const latest = useRef(handlers);
  latest.current = handlers;
  return useMemo(() => {
    const entries = Object.entries(handlers).map(([name, handler]) => [
      name,
      handler &&
        ((...given: unknown[]) =>
          (latest.current as Record<string, (...given: unknown[]) => unknown>)[name]?.(...given)),
    ]);
    return Object.fromEntries(entries);
  }, []);
}
