import { listInputItems } from '../api/api.server.ts'

/** `GET /v1/responses/{id}/input_items`. */
export const loader = listInputItems
