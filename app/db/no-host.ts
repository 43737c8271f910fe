/** None of the hosts of an address can be worked with now. Its message names each, and why. */
export class NoHost extends Error {
  readonly code = 'LANE_NO_HOST'
}
