using System.Globalization;

namespace Platform.TenantShard.Files.Thumbs;

/// <summary>A thumbnail size, such as <c>100x100t</c>, and what it makes of an image's own size.</summary>
/// <param name="Width">In pixels; 0 = follows from the height.</param>
/// <param name="Height">In pixels; 0 = follows from the width.</param>
/// <param name="Mode"><c>t</c>, <c>b</c>: cropped, top or bottom kept; <c>f</c>: fitted; otherwise centre kept.</param>
internal readonly record struct ThumbSpec(int Width, int Height, char Mode)
{
    /// <summary>Larger thumbnails are refused: they would cost more than their originals.</summary>
    private const int SideMax = 8192;

    public static ThumbSpec? Parse(string size)
    {
        var text = size.AsSpan();
        var mode = 'c';
        if (text.Length > 0 && text[^1] is 't' or 'b' or 'f')
        {
            mode = text[^1];
            text = text[..^1];
        }

        var cross = text.IndexOf('x');
        if (cross < 1
            || !int.TryParse(text[..cross], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(text[(cross + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || width > SideMax || height > SideMax || (width == 0 && height == 0)) return null;
        return new ThumbSpec(width, height, mode);
    }

    /// <summary>Which part of the image is shown, and how large.</summary>
    public ThumbPlan PlanFor(int imageWidth, int imageHeight)
    {
        if (Width == 0 || Height == 0)
        {
            var scale = Width == 0 ? (double)Height / imageHeight : (double)Width / imageWidth;
            return Whole(imageWidth, imageHeight, scale);
        }

        if (Mode == 'f')
        {
            var scale = Math.Min((double)Width / imageWidth, (double)Height / imageHeight);
            return Whole(imageWidth, imageHeight, Math.Min(1, scale));
        }

        // The largest part of the thumbnail's shape.
        var fill = Math.Max((double)Width / imageWidth, (double)Height / imageHeight);
        var partWidth = Math.Clamp((int)Math.Round(Width / fill), 1, imageWidth);
        var partHeight = Math.Clamp((int)Math.Round(Height / fill), 1, imageHeight);
        var top = Mode switch
        {
            't' => 0,
            'b' => imageHeight - partHeight,
            _ => (imageHeight - partHeight) / 2,
        };
        return new ThumbPlan((imageWidth - partWidth) / 2, top, partWidth, partHeight, Width, Height);
    }

    private static ThumbPlan Whole(int width, int height, double scale) =>
        new(0, 0, width, height, Side(width * scale), Side(height * scale));

    private static int Side(double length) => Math.Clamp((int)Math.Round(length), 1, SideMax);
}
