// The scenarios of the pitfalls lab.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class Lab
{
    internal const ulong Seed = 1;

    private const int StepsOfWeight = 30, StepsOfNetwork = 100;

    private static readonly LabSettings s_weight = new(0.1), s_network = new(0.05);

    internal static IReadOnlyList<LabScenario> Scenarios { get; } =
    [
        Weight("rate-exact", "rate 0.125", s_weight with { LearningRate = 0.125 },
            "The loss is a parabola whose slope changes by 8 for each unit of w, so a rate of 1/8 lands in its lowest point at once; no other rate does, and no real loss is so kind."),
        Weight("rate-bounce", "rate 0.25", s_weight with { LearningRate = 0.25 },
            "The step is exactly twice as long as the way to the lowest point, so w arrives just as far on the other side, and bounces for ever."),
        Weight("rate-diverge", "rate 0.26", s_weight with { LearningRate = 0.26 },
            "Each step is a little longer than twice the way to the lowest point, so w is farther off after it than before, and the next gradient is larger still."),
        Weight("sign", "sign flipped", s_weight with { Mistakes = TrainingMistakes.FlipSign },
            "The gradient points uphill, and with a plus the step goes there: the way to the goal grows by 1.8 at each step and the loss by 1.8² = 3.24."),
        Weight("zero", "no zeroing", s_weight with { Mistakes = TrainingMistakes.SkipZeroing },
            "Backward adds to the gradients it finds, so each step uses the sum of all so far; w rolls through the lowest point at full speed, and never settles."),
        Network("net-zero", "network: no zeroing", s_network with { Mistakes = TrainingMistakes.SkipZeroing },
            "The gradients pile up and fling the weights so far out that most tanh are pinned at −1 or 1: the loss looks better than it should, and the network can hardly learn any more."),
        Network("net-sign", "network: sign flipped", s_network with { Mistakes = TrainingMistakes.FlipSign },
            "Each step goes uphill until the answers are pinned at one end of tanh: two of the four are then off by 2, which is a loss of 8, on a slope so flat that hardly anything moves."),
        Network("net-rate", "network: rate too large", s_network with { LearningRate = 1 },
            "The gradient holds for a small neighbourhood only, and steps twenty times as long leave it: what was predicted does not come true, and neurons are flung into saturation."),
        Network("net-same", "network: all zero at the start", s_network with { Scale = 0 },
            "With every weight 0 every neuron of a layer is the same and passes no gradient back, so nothing ever tells them apart and nothing moves."),
        Network("net-huge", "network: huge at the start", s_network with { Scale = 20 },
            "With weights twenty times as large nearly every sum lies where tanh is flat, so nearly no gradient passes and the network stays as it began."),
    ];

    /// <summary>The two recordings of a scenario, one after the other: the right run, then the broken one. Null for no scenario.</summary>
    internal static byte[]? Record(string name, RecorderOptions? options = null)
    {
        if (Scenarios.FirstOrDefault(scenario => scenario.Name == name) is not { } found)
            return null;
        int steps = found.IsNetwork ? StepsOfNetwork : StepsOfWeight;
        return
        [
            .. LabRun.Record("right", found.Right, found.IsNetwork, steps, Seed, options),
            .. LabRun.Record($"broken: {found.Title}", found.Broken, found.IsNetwork, steps, Seed, options),
        ];
    }

    /// <summary>The scenarios as a page needs them.</summary>
    internal static JsonArray AsJson()
    {
        JsonArray list = Json.Array(Scenarios, scenario => new JsonObject
        {
            ["name"] = scenario.Name,
            ["title"] = scenario.Title,
            ["why"] = scenario.Why,
            ["right"] = Json.Array(scenario.CodeOf(scenario.Right)),
            ["broken"] = Json.Array(scenario.CodeOf(scenario.Broken)),
        });
        list.Add((JsonNode)new JsonObject
        {
            ["name"] = VisitOrder.Name,
            ["title"] = VisitOrder.Title,
            ["why"] = VisitOrder.Why,
            ["visits"] = new JsonArray(Visits("outputs first (topological)", VisitOrder.OutputsFirst()), Visits("at once, edge by edge", VisitOrder.EdgeByEdge())),
        });
        return list;
    }

    private static JsonObject Visits(string title, IReadOnlyList<Visit> visits) => new()
    {
        ["title"] = title,
        ["rows"] = Json.Array(visits, visit => Json.Array(new[] { visit.Node, visit.What, Text.Number(visit.GradientOfA) })),
    };

    private static LabScenario Weight(string name, string title, LabSettings broken, string why) =>
        new(name, title, why, IsNetwork: false, s_weight, broken);

    private static LabScenario Network(string name, string title, LabSettings broken, string why) =>
        new(name, title, why, IsNetwork: true, s_network, broken);
}
