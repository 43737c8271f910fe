import type { RouteModule } from '../api/api.server.ts'
import * as creditGrants from '../routes/dashboard_.billing.credit_grants.ts'
import * as subscription from '../routes/dashboard_.billing.subscription.ts'
import * as usage from '../routes/dashboard_.billing.usage.ts'
import * as relayed from '../routes/v1.$.ts'
import * as cancel from '../routes/v1.responses.$id.cancel.ts'
import * as inputItems from '../routes/v1.responses.$id.input_items.ts'
import * as response from '../routes/v1.responses.$id.ts'
import * as call from '../routes/v1.calls.$id.ts'
import * as credits from '../routes/v1.credits.ts'
import * as key from '../routes/v1.key.ts'
import * as dailyUsage from '../routes/v1.usage.ts'
import * as model from '../routes/v1.models.$id.ts'
import * as models from '../routes/v1.models.ts'

/**
 * The route modules that answer the API. They are imported here by name: Remix's server build, which
 * has them too, is for the pages' thread (it cost this one 52 MB and a second copy of every class).
 */
export const apiRoutes: Record<string, RouteModule> = {
  'routes/v1.$': relayed,
  'routes/v1.models': models,
  'routes/v1.models.$id': model,
  'routes/v1.responses.$id': response,
  'routes/v1.responses.$id.input_items': inputItems,
  'routes/v1.responses.$id.cancel': cancel,
  'routes/v1.key': key,
  'routes/v1.credits': credits,
  'routes/v1.usage': dailyUsage,
  'routes/v1.calls.$id': call,
  'routes/dashboard_.billing.subscription': subscription,
  'routes/dashboard_.billing.usage': usage,
  'routes/dashboard_.billing.credit_grants': creditGrants,
}
