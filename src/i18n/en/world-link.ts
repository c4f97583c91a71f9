/** What is said of a link to a world, or of a file of one, that cannot be followed. */
export const worldLink = {
  broken: 'The world cannot be opened.',
  /** `{where}` is a place such as “inputs, 18, topic”. */
  at: '{problem} Place: {where}.',
  problems: {
    damaged: 'This is not the text of a world: the link or the file is damaged, or is something else.',
    otherVersion:
      'It was made by another version of these pages (format {version}), and this one cannot read it.',
    impossible: 'What it says cannot happen. {why}',
    missing: 'Something is missing.',
    unknown: 'It says something that this version does not know.',
    notText: 'There should be text here.',
    notNumber: 'There should be a number here.',
    notFlag: 'There should be true or false here.',
    notList: 'There should be a list here.',
    notRecord: 'There should be a record of named fields here.',
    notBytes: 'There should be hexadecimal digits here, two for each byte.',
    notOneOf: 'It should be one of these: {choices}.',
    outOfRange: 'It should be from {least} to {most}.',
    tooLong: 'It is too long: {most} characters are the most.',
    tooMany: 'There are too many of them: {most} are the most.',
  },
} as const;
