// Two collections: countries, and cities that belong to one. Everyone may read them; only superusers write.
const readable = { listRule: '', viewRule: '' };

export async function createCollections(tenant) {
  const countries = await ensure(tenant, {
    name: 'countries',
    type: 'base',
    ...readable,
    fields: [
      { name: 'code', type: 'text', required: true, min: 2, max: 2, pattern: '^[A-Z]{2}$' },
      { name: 'name', type: 'text', required: true, presentable: true },
    ],
    indexes: ['CREATE UNIQUE INDEX idx_countries_code ON countries (code)'],
  });
  await ensure(tenant, {
    name: 'cities',
    type: 'base',
    ...readable,
    fields: [
      { name: 'name', type: 'text', required: true, presentable: true, max: 200 },
      { name: 'country', type: 'relation', required: true, collectionId: countries.id, maxSelect: 1 },
      { name: 'region', type: 'text' },
      { name: 'lat', type: 'number', min: -90, max: 90 },
      { name: 'lng', type: 'number', min: -180, max: 180 },
      { name: 'created', type: 'autodate', onCreate: true },
    ],
    indexes: [
      'CREATE INDEX idx_cities_name ON cities (name)',
      'CREATE INDEX idx_cities_country_name ON cities (country, name)',
      'CREATE INDEX idx_cities_lat_lng ON cities (lat, lng)',
    ],
  });
}

async function ensure(tenant, collection) {
  try {
    return await tenant.collections.getOne(collection.name);
  } catch (error) {
    if (error.status !== 404) throw error;
    return tenant.collections.create(collection);
  }
}
