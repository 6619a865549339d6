namespace Platform.TenantShard.Filters.Syntax;

/// <summary>One word of a filter.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">The word as it counts: an identifier, a text without its quotes, an operator.</param>
/// <param name="Start">Where it begins, from 0.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Start);
