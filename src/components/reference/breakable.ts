/** A name from Wireshark as HTML that may break behind its dots and underscores. Such names need no escaping. */
export function breakable(name: string | undefined): string {
  return (name ?? '').replaceAll(/[._]/g, '$&<wbr>');
}
