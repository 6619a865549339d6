namespace Platform.TenantShard.Auth;

/// <summary>What a token says. Nothing of it is to be believed before the signature is checked.</summary>
internal sealed record TokenClaims
{
    public const string AuthType = "auth";
    public const string VerificationType = "verification";
    public const string PasswordResetType = "passwordReset";
    public const string EmailChangeType = "emailChange";

    /// <summary>The types of before 0.23: of a record's tokens, of all kinds, and of an admin's.</summary>
    public const string LegacyRecordType = "authRecord";
    public const string LegacyAdminType = "admin";

    /// <summary><c>auth</c>, <c>file</c>, <c>verification</c>, ...</summary>
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    public required string Id { get; init; }

    public required string CollectionId { get; init; }

    /// <summary>Seconds since 1970, UTC.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>False for tokens that must not be exchanged for newer ones.</summary>
    public bool IsRefreshable { get; init; }

    /// <summary>
    /// True for a token of PocketBase before 0.23, which imported users may still have. It does not tell its kind: the
    /// secret that it is signed with does.
    /// </summary>
    public bool IsLegacy { get; init; }

    /// <summary>
    /// The tenant, an addition of this platform by which the gateway can route; null in tokens of an imported database.
    /// </summary>
    public string? TenantId { get; init; }

    /// <summary>The record's address when the token was issued, in tokens that are mailed; else null.</summary>
    public string? Email { get; init; }

    /// <summary>The address that the record is to have, in tokens of an e-mail change; else null.</summary>
    public string? NewEmail { get; init; }
}
