"""What ``make dist`` builds."""
