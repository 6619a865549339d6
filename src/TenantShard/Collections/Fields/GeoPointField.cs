namespace Platform.TenantShard.Collections.Fields;

/// <summary>A point on earth: <c>{"lon":0,"lat":0}</c> in degrees.</summary>
internal sealed record GeoPointField : Field
{
    public override string Type => "geoPoint";

    public override string ColumnDefinition => """JSON DEFAULT '{"lon":0,"lat":0}' NOT NULL""";
}
