// The pages on which readers work for themselves: each has its address by its name, and its name in the dictionary's frame.

export const TOOLS = ['playground', 'lab', 'capture'] as const;
