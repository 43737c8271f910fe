/** The public face of the catalogue: models, and prices with a date. */
export { disableAlias, insertAlias } from './aliases.ts'
export {
  byNameOf,
  createCatalog,
  hearCatalog,
  readModels,
  priced,
  sayUnread,
  type Catalog,
  type Model,
  type PricedModel,
} from './catalog.ts'
export { listedPrices, type ListedPrice } from './listed-prices.ts'
export type { Offer } from './offers.ts'
export { inForce, type Price } from './price-rows.ts'
export {
  amountDecimals,
  amountOf,
  askFor,
  costOf,
  isPriced,
  itemsOf,
  priceDecimals,
  sellsSearches,
  tierCharged,
} from './pricing.ts'
export { hasCostList, ownCostModels, readCosts, readOwnCosts } from './costs.ts'
export {
  insertModel,
  insertPrice,
  sellByFactor,
  setEnabled,
  setSaleFactor,
  type ModelRow,
  type NewPrice,
} from './change.ts'
export { seedCatalog } from './seed.ts'
export {
  plainPoints,
  readTerms,
  storedTerms,
  Terms,
  termsAt,
  timeAt,
  type Prices,
  type TermsNow,
  type Tier,
} from './terms.ts'
export { isFee, priceOf, type CacheWrites } from './charged-units.ts'
export { windowText, type When } from './windows.ts'
