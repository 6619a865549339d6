namespace Platform.TenantShard.Files.Thumbs;

/// <summary>The part of an image that a thumbnail shows, and the thumbnail's size; all in pixels.</summary>
internal readonly record struct ThumbPlan(int Left, int Top, int PartWidth, int PartHeight, int Width, int Height);
