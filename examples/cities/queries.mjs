// What an application would ask of the cities, each with one request (the last with several), as anyone: no sign-in.
//   node queries.mjs [--url URL]
import { client, run } from './connect.mjs';

await run(async () => {
  const tenant = client();
  const cities = tenant.collection('cities');
  const withCountry = { expand: 'country', fields: 'name,region,lat,lng,expand.country.name' };

  const all = await cities.getList(1, 1, { fields: 'id' });
  const countries = await tenant.collection('countries').getList(1, 1, { fields: 'id' });
  console.log(`${all.totalItems} cities in ${countries.totalItems} countries`);

  show('Cities called San Something, from north to south (filter, sort, relation)',
    await cities.getList(1, 8, { filter: 'name ~ "San %"', sort: '-lat', ...withCountry }));

  show('Cities of Japan by name (filter through a relation, second page of five)',
    await cities.getList(2, 5, { filter: 'country.name = "Japan"', sort: 'name', ...withCountry }));

  show('The northernmost (sort by an indexed number)',
    await cities.getList(1, 5, { sort: '-lat', ...withCountry }));

  const box = tenant.filter('lat >= {:south} && lat <= {:north} && lng >= {:west} && lng <= {:east}',
    { south: 45.5, north: 48, west: 5.9, east: 10.6 });
  show('Around the Alps, without France (a box on the map, two conditions joined)',
    await cities.getList(1, 6, { filter: `${box} && country.code != "FR"`, sort: 'country.name,name', ...withCountry }));

  const iceland = await cities.getFullList({ filter: 'country.code = "IS"', batch: 100, fields: 'name', sort: 'name' });
  console.log(`\nAll ${iceland.length} of Iceland (paging): ${iceland.slice(0, 6).map(city => city.name).join(', ')} ...`);
});

function show(title, page) {
  console.log(`\n${title}: ${page.totalItems} found, page ${page.page} of ${page.totalPages}`);
  console.table(page.items.map(({ name, region, lat, lng, expand }) => ({ city: name, region, country: expand.country.name, lat, lng })));
}
