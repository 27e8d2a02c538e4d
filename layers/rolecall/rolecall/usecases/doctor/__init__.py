"""What a deployed stack ails from, and what a deployment would: judged from answers of AWS."""
