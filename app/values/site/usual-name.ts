/** What a relay is called whose operator has given it no name. */
export const usualName = 'AI API Relay'
