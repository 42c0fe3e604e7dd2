// Row P8: a robot's arm.

namespace Nudge.Benchmarks;

/// <summary>An arm of six links in the plane moves along a path: the angles of its joints at 20 moments, near the path and without jerks.</summary>
internal static class RobotArm
{
    private const int Joints = 6, Moments = 20;

    internal static LossTask Task()
    {
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(Joints * Moments, Loss),
            Parameters = LossTask.Normal(rng, Joints * Moments, 0.3),
            Inputs = [.. Enumerable.Range(0, Moments).SelectMany(t => new[] { (double)(float)(3 + Math.Cos(0.3 * t)), (float)(2 + Math.Sin(0.3 * t)) })],
            Rate = 0.01,
        };
    }

    private static Value Loss(Value[] angle, Value[] path)
    {
        Value sum = 0;
        for (int t = 0; t < Moments; t++)
        {
            Value x = 0, y = 0, direction = 0;
            for (int joint = 0; joint < Joints; joint++)
            {
                double length = 1 - 0.1 * joint;
                direction += angle[t * Joints + joint];
                x += length * direction.Cos();
                y += length * direction.Sin();
            }
            sum += (x - path[2 * t]).Pow(2) + (y - path[2 * t + 1]).Pow(2);
            for (int joint = 0; t > 0 && joint < Joints; joint++)
                sum += 0.1 * (angle[t * Joints + joint] - angle[(t - 1) * Joints + joint]).Pow(2);
        }
        return sum / Moments;
    }
}
