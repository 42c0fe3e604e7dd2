// A picture of numbers with words beside it, alone or in a page.

namespace Nudge.Drawing;

/// <summary>A picture with its title and a description for those who cannot see it.</summary>
public sealed class Figure
{
    /// <summary>The colours of up to six series, which differ in their dashes, too.</summary>
    private const string Style = """
        .nudge .s0 { stroke: #1f6fb2; } .nudge .s1 { stroke: #bf4a12; } .nudge .s2 { stroke: #26734d; }
        .nudge .s3 { stroke: #7b4fa6; } .nudge .s4 { stroke: #8a6d00; } .nudge .s5 { stroke: #5b6472; }
        .nudge .under { fill: #1f6fb2; fill-opacity: 0.1; } .nudge .dot { fill: #ffffff; } .nudge .cloud { fill: #1f6fb2; fill-opacity: 0.4; }
        @media (prefers-color-scheme: dark) {
        .nudge .s0 { stroke: #6bb3f0; } .nudge .s1 { stroke: #f59a68; } .nudge .s2 { stroke: #6cc79a; }
        .nudge .s3 { stroke: #c3a1e8; } .nudge .s4 { stroke: #f2c14e; } .nudge .s5 { stroke: #9aa4b2; }
        .nudge .under { fill: #6bb3f0; } .nudge .dot { fill: #14171c; } .nudge .cloud { fill: #6bb3f0; }
        }

        """;

    private readonly double _width, _height, _blank;
    private readonly Action<SvgWriter, string> _content;

    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="title">What it is.</param>
    /// <param name="description">What can be seen in it.</param>
    /// <param name="blank">How much of it stays empty at the top where the title is not in it.</param>
    /// <param name="content">Writes it, with the given title in it if that is not empty.</param>
    internal Figure(double width, double height, string title, string description, double blank, Action<SvgWriter, string> content)
    {
        (_width, _height, _blank, _content) = (width, height, blank, content);
        Title = title;
        Description = description;
    }

    /// <summary>What it is.</summary>
    public string Title { get; }

    /// <summary>What can be seen in it, in words.</summary>
    public string Description { get; }

    /// <summary>The picture as SVG that stands alone and follows the reader's choice of light or dark.</summary>
    public string ToSvg() => SvgWriter.Picture(_width, _height, Title, svg => _content(svg, Title), Style);

    /// <summary>
    /// The picture as SVG for a page that has the title beside it and in its style sheet colours for the classes: text, quiet,
    /// rule, ink, halo, dot, under, cloud, and s0 to s5 for series.
    /// </summary>
    public string ToSvgForPage() => SvgWriter.InPage(_width, _height, _blank, Title, Description, svg => _content(svg, ""));
}
