import { cancelResponse } from '../api/api.server.ts'

/** `POST /v1/responses/{id}/cancel`. */
export const action = cancelResponse
