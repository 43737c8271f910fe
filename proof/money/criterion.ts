/** One thing that must hold of money, tried in full: a line of the table, and whether it held. */
export type Found = { what: string; saw: string; isRight: boolean }

/** Sees to everything that it needs, and clears it away; its books are clean at its end. */
export type Criterion = { name: string; prove(say: (line: string) => void): Promise<Found[]> }
