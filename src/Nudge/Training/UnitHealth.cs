// How many units still learn: found by a sweep over the graph of one loss.

using System.Globalization;

namespace Nudge;

internal sealed class UnitHealth
{
    private const int FewestUnits = 2, FewestSamples = 16, FewestExaminations = 2;
    private const double Flat = 0.02; // of the steepest slope
    private const double MostSaturated = 0.7, MostDead = 0.6;

    // For each unit of ReLU, how often it was seen and whether it ever gave anything.
    private readonly Dictionary<Value, (int Samples, int Active)> _rectifiers = [];
    private int _samples, _flat, _examinations;

    internal bool AreSaturated => _samples > 0 && (double)_flat / _samples > MostSaturated;

    internal bool AreDead => _examinations >= FewestExaminations && _rectifiers.Count >= FewestUnits && (double)DeadCount / _rectifiers.Count > MostDead;

    private int DeadCount => _rectifiers.Values.Count(unit => unit.Active == 0 && unit.Samples >= FewestSamples);

    /// <summary>Examines every activation below a loss.</summary>
    internal void Examine(Value loss)
    {
        _examinations++;
        (_samples, _flat) = (0, 0);
        var sink = new Sink(this);
        BackwardSweep.Run(loss, ref sink);
    }

    internal Diagnosis Saturated(int step) => new(
        TrainingFault.SaturatedUnits,
        step,
        string.Create(CultureInfo.InvariantCulture, $"{_flat} of {_samples} outputs of tanh and sigmoid units lie in the flat part, where less than {100 * Flat:0} % of the gradient passes."),
        new Dictionary<string, double> { ["saturated"] = _flat, ["samples"] = _samples },
        "new Mlp(…, initialization: …)",
        "start from smaller weights, bring the inputs to one scale, or take a smaller learning rate.");

    internal Diagnosis Dead(int step) => new(
        TrainingFault.DeadUnits,
        step,
        string.Create(CultureInfo.InvariantCulture, $"{DeadCount} of {_rectifiers.Count} ReLU units gave 0 for every example seen, and so have no gradient to learn from."),
        new Dictionary<string, double> { ["dead"] = DeadCount, ["units"] = _rectifiers.Count },
        "new Mlp(…, initialization: Initialization.Kaiming)",
        "start from Kaiming's weights and bias 0, or take a smaller learning rate.");

    // The bias is where the sum of a unit begins, and so tells the unit, whatever the example.
    private static Value UnitOf(Value sum)
    {
        while (!sum.IsLeaf && sum.Operation != Operation.Select)
            sum = sum.First;
        return sum;
    }

    private readonly struct Sink(UnitHealth health) : IGradientSink
    {
        public void Node(Value node, double gradient)
        {
            double y = node.Result;
            switch (node.Operation)
            {
                case Operation.Tanh:
                    health._samples++;
                    health._flat += 1 - y * y < Flat ? 1 : 0;
                    break;
                case Operation.Sigmoid:
                    health._samples++;
                    health._flat += y * (1 - y) < Flat / 4 ? 1 : 0;
                    break;
                case Operation.Relu:
                    Value unit = UnitOf(node);
                    if (unit.Operation != Operation.Parameter)
                        break;
                    (int samples, int active) = health._rectifiers.GetValueOrDefault(unit);
                    health._rectifiers[unit] = (samples + 1, active + (y > 0 ? 1 : 0));
                    break;
            }
        }

        public void Leaf(Value leaf, double gradient)
        {
        }
    }
}
