using System.Globalization;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>Ids for tenants that were created without one: readable, sayable, hard to collide.</summary>
internal sealed class TenantNames(Random random)
{
    private static readonly string[] Qualities =
    [
        "amber", "bold", "brave", "bright", "calm", "clear", "cool", "crisp", "deep", "fair", "fast", "fine", "fresh",
        "gentle", "gold", "grand", "green", "happy", "keen", "kind", "light", "lucky", "mild", "neat", "noble", "plain",
        "proud", "quick", "quiet", "rapid", "red", "sharp", "silver", "smart", "soft", "solid", "steady", "still",
        "strong", "sunny", "swift", "tall", "true", "vast", "vivid", "warm", "wide", "wise",
    ];

    private static readonly string[] Things =
    [
        "bay", "beach", "bridge", "brook", "canyon", "cape", "cave", "cedar", "cliff", "cloud", "coast", "creek",
        "delta",
        "dune", "falls", "fern", "field", "forest", "garden", "glade", "grove", "harbor", "hill", "island", "lake",
        "leaf", "maple", "marsh", "meadow", "mesa", "moon", "oak", "ocean", "orchard", "peak", "pine", "plain", "pond",
        "rain", "reef", "ridge", "river", "shore", "sky", "spring", "star", "stone", "stream", "valley", "wave", "wind",
    ];

    /// <summary>Such as <c>calm-river-4821</c>; the caller tries again when it is taken.</summary>
    public TenantId Next()
    {
        lock (random)
        {
            var number = random.Next(1000, 10_000).ToString(CultureInfo.InvariantCulture);
            return TenantId.Parse(
                $"{Qualities[random.Next(Qualities.Length)]}-{Things[random.Next(Things.Length)]}-{number}");
        }
    }
}
