namespace Platform.TenantShard.Filters.Syntax;

/// <summary>What the lexer tells apart.</summary>
internal enum FilterTokenKind
{
    End,
    Identifier,
    Function,
    Number,
    Text,
    Operator,
    And,
    Or,
    Open,
    Close,
    Comma,
}
