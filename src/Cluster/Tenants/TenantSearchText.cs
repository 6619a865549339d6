using System.Buffers;
using System.Text;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>
/// What a search looks through: ids, domains and labels' values of 64 tenants in one piece of UTF-8, upper case as
/// comparisons that ignore case see it. It is searched by the processor's wide instructions instead of tenant by tenant.
/// A piece is made when it is searched and forgotten when one of its tenants changes. It takes as many bytes as these texts have,
/// one more for each of them, and five for each tenant.
/// </summary>
internal sealed class TenantSearchText(TenantSlots tenants)
{
    /// <summary>Ends each text: no byte of UTF-8, so that nothing is found across texts.</summary>
    private const byte End = 0xFF;

    private readonly List<Piece?> _pieces = [];

    /// <summary>Notes that a slot has another tenant, or none, or other texts.</summary>
    public void Change(int slot)
    {
        var index = slot / TenantSlots.WordBits;
        if (index < _pieces.Count) _pieces[index] = null;
    }

    /// <summary>Clears the marks of the tenants that the search does not find.</summary>
    /// <param name="search">Not empty.</param>
    /// <param name="marks">A bit for each slot.</param>
    public void Narrow(string search, Span<ulong> marks)
    {
        var wanted = Encoding.UTF8.GetBytes(search.ToUpperInvariant());
        while (_pieces.Count < marks.Length) _pieces.Add(null);
        for (var index = 0; index < marks.Length; index++)
            if (marks[index] != 0) marks[index] &= Find(_pieces[index] ??= Make(index), wanted);
    }

    private static ulong Find(Piece piece, ReadOnlySpan<byte> wanted)
    {
        var found = 0UL;
        var slot = 0;
        for (var start = 0; piece.Text.AsSpan(start).IndexOf(wanted) is >= 0 and var offset; start = piece.Ends[slot])
        {
            while (piece.Ends[slot] <= start + offset) slot++;
            found |= 1UL << slot;
        }

        return found;
    }

    private Piece Make(int index)
    {
        var text = new ArrayBufferWriter<byte>();
        var ends = new int[TenantSlots.WordBits];
        for (var slot = 0; slot < TenantSlots.WordBits; slot++)
        {
            if (tenants.TryGet(index * TenantSlots.WordBits + slot, out var tenant)) Write(text, tenant!);
            ends[slot] = text.WrittenCount;
        }

        return new Piece(text.WrittenSpan.ToArray(), ends);
    }

    private static void Write(ArrayBufferWriter<byte> text, TenantDescriptor tenant)
    {
        Write(text, tenant.Id.Value);
        foreach (var domain in tenant.Domains) Write(text, domain);
        foreach (var label in tenant.Metadata) Write(text, label.Value);
    }

    private static void Write(ArrayBufferWriter<byte> text, string value)
    {
        Encoding.UTF8.GetBytes(value.ToUpperInvariant(), text);
        text.Write([End]);
    }

    /// <param name="Text">The texts of 64 slots.</param>
    /// <param name="Ends">Where each slot's texts end.</param>
    private sealed record Piece(byte[] Text, int[] Ends);
}
