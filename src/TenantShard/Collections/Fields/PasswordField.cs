namespace Platform.TenantShard.Collections.Fields;

/// <summary>A password, stored as a bcrypt hash and never shown.</summary>
internal sealed record PasswordField : Field
{
    public override string Type => "password";

    public string Pattern { get; init; } = "";

    public int Min { get; init; }

    public int Max { get; init; }

    /// <summary>bcrypt cost; 0 = 10, the cost that PocketBase uses.</summary>
    public int Cost { get; init; }

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
